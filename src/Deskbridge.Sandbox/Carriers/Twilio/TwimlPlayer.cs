using System.Xml.Linq;

namespace Deskbridge.Sandbox.Carriers.Twilio;

/// <summary>Follows TwiML in an answered call (twilio.com/docs/voice/twiml). What is said takes no time; what waits does.</summary>
internal sealed class TwimlPlayer(CallRun run)
{
    // A document that only redirects to itself would go round without end; the vendor stops such calls too.
    private const int MostDocuments = 500;
    private const string Apology = "We are sorry. An application error has occurred. Goodbye.";

    private string? _address;
    private bool _hungUp;

    public async Task PlayAsync()
    {
        var order = run.Call.Order;
        var document = order.Url is { } url ? await FetchAsync("twiml", url, order.Method) : Own(order.Twiml!);
        for (var count = 1; document is not null && count <= MostDocuments; count++) document = await FollowAsync(document);
        if (document is not null) run.Stumble("The call went through 500 documents and was ended.");
    }

    /// <summary>Does what a document says, and returns the one that takes its place; null at the end of the call.</summary>
    private async Task<XElement?> FollowAsync(XElement document)
    {
        foreach (var verb in document.Elements())
        {
            switch (verb.Name.LocalName)
            {
                case "Say":
                case "Play":
                    Speak(verb);
                    break;
                case "Pause":
                    await WaitAsync(TimeSpan.FromSeconds(verb.Number("length", 1)));
                    break;
                case "Hangup":
                    return null;
                case "Redirect":
                    return await FetchAsync("twiml", verb.Value.Trim(), Method(verb));
                case "Gather":
                    if (await GatherAsync(verb) is { } digits) return await FetchAsync("gather", verb.Text("action") ?? "", Method(verb), ("Digits", digits), ("msg", "Gather End"));
                    break;
                default:
                    run.Stumble($"12200: {verb.Name.LocalName} is no verb that the sandbox follows");
                    break;
            }

            if (_hungUp) return null;
        }

        return null;
    }

    /// <summary>The digits to hand in; null when there are none, and the call goes on behind the verb.</summary>
    private async Task<string?> GatherAsync(XElement gather)
    {
        var silence = gather.Number("timeout", 5, least: 0);
        foreach (var prompt in gather.Elements())
        {
            if (prompt.Name == "Pause") silence += prompt.Number("length", 1);
            else Speak(prompt);
        }

        var (most, last) = (gather.Number("numDigits", int.MaxValue), gather.Text("finishOnKey") ?? "#");
        if (gather.Text("input") is { } input && !input.Split(' ').Contains("dtmf")) run.Stumble("The sandbox has keys only: a Gather whose input is not dtmf gets nothing.");
        var digits = "";
        while (await run.NextAsync(CallWait.Digits, TimeSpan.FromSeconds(silence), "digits", "hangup", "completed") is { } act)
        {
            if (act.Name != "digits")
            {
                _hungUp = true;
                return null;
            }

            run.Press(act.Digits);
            var isWhole = false;
            foreach (var key in act.Digits)
            {
                isWhole = last.Contains(key);
                if (!isWhole) digits += key;
                if (isWhole || (isWhole = digits.Length >= most)) break;
            }

            if (isWhole) break;
        }

        return digits.Length > 0 || gather.Text("actionOnEmptyResult") == "true" ? digits : null;
    }

    private async Task WaitAsync(TimeSpan time) => _hungUp = await run.NextAsync(CallWait.Pause, time, "hangup", "completed") is not null;

    private void Speak(XElement verb)
    {
        if (verb.Name.LocalName is not ("Say" or "Play")) run.Stumble($"12200: {verb.Name.LocalName} does not belong there");
        for (var times = Math.Clamp(verb.Number("loop", 1), 1, 10); times > 0; times--) run.Hear(verb.Name == "Play" ? $"[{verb.Value.Trim()}]" : verb.Value.Trim());
    }

    /// <summary>The document at an address, relative to that of the last one; when there is none, the one at the fallback address.</summary>
    private async Task<XElement?> FetchAsync(string kind, string address, string method, params (string Name, string Value)[] more)
    {
        var (document, problem, target) = await TryAsync(kind, address, method, more);
        if (document is not null) return document;
        if (run.Call.Order is { Url: not null, FallbackUrl: { } fallback } order)
        {
            (document, var second, _) = await TryAsync(kind, fallback, order.FallbackMethod, [("ErrorCode", problem!.Split(':')[0]), ("ErrorUrl", target)]);
            if (document is not null) return document;
            problem += "; fallback " + second;
        }

        return Fail(problem!);
    }

    private async Task<(XElement? Document, string? Problem, string Target)> TryAsync(string kind, string address, string method, (string Name, string Value)[] more)
    {
        var isAddress = _address is null ? Uri.TryCreate(address, UriKind.Absolute, out var target) : Uri.TryCreate(new Uri(_address), address, out target);
        if (!isAddress || !Twiml.IsWebAddress(target!.AbsoluteUri)) return (null, $"11100: '{address}' is no address", address);
        var answer = await run.AskAsync(kind, target.AbsoluteUri, method, more);
        _address = target.AbsoluteUri;
        if (!answer.IsSuccess) return (null, $"11200: {_address} answered {answer.Status}", _address);
        if (answer.ContentType == "text/plain") return (new XElement("Response", new XElement("Say", answer.Body)), null, _address);
        if (answer.ContentType is not ("text/xml" or "application/xml" or "text/html")) return (null, $"12300: {_address} answered with {answer.ContentType ?? "no type"}", _address);
        var (document, problem) = Twiml.Read(answer.Body);
        return (document, problem, _address);
    }

    private XElement? Own(string twiml)
    {
        var (document, problem) = Twiml.Read(twiml);
        return document ?? Fail(problem!);
    }

    private XElement? Fail(string problem)
    {
        run.Stumble(problem);
        run.Hear(Apology);
        return null;
    }

    private static string Method(XElement verb) => verb.Text("method")?.ToUpperInvariant() == "GET" ? "GET" : "POST";
}
