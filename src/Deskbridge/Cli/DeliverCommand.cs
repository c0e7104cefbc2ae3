using System.CommandLine;
using System.Net;
using System.Text.Json;

namespace Deskbridge.Cli;

/// <summary>
/// <c>deskbridge deliver</c>: hands a mail from standard input to a team's address, for the pipe of a mail server. It exits as mail servers
/// expect (sysexits.h): whatever may go away by itself, or by an administrator's hand, is "try again", so that the mail stays in the queue.
/// </summary>
internal static class DeliverCommand
{
    public const string Name = "deliver";

    /// <summary>The command line makes no sense (EX_USAGE).</summary>
    public const int Usage = 64;

    /// <summary>The hub will never take this mail (EX_DATAERR); the mail server sends it back.</summary>
    public const int NotTaken = 65;

    /// <summary>Nothing came in on standard input (EX_NOINPUT).</summary>
    public const int NoInput = 66;

    /// <summary>Not now (EX_TEMPFAIL): the mail server keeps it and tries again.</summary>
    public const int TryAgain = 75;

    private const long MostBytes = Features.Intake.IntakeEndpoints.MaxBody;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Command Create()
    {
        var to = new Option<string?>("--to") { Description = "The team's mail address on the hub, https://HUB/intake/SECRET/mail; seen by everybody on this machine", HelpName = "URL" };
        var file = new Option<string?>("--to-file") { Description = "A file whose first line is that address, readable by the mail server's user alone", HelpName = "FILE" };
        var command = new Command(Name, "Deliver a mail from standard input to a team: for the pipe of Postfix, Exim and the like") { to, file };
        command.SetAction(async (parsed, cancel) =>
        {
            await using var input = Console.OpenStandardInput();
            return await RunAsync(parsed.GetValue(to), parsed.GetValue(file), input, Console.Error, cancel);
        });
        return command;
    }

    internal static async Task<int> RunAsync(string? to, string? file, Stream mail, TextWriter trouble, CancellationToken cancel)
    {
        if ((to is null) == (file is null)) return await SayAsync(Usage, "Name the team's mail address with --to, or a file that holds it with --to-file.");
        if (file is not null)
        {
            try
            {
                to = (await File.ReadAllLinesAsync(file, cancel)).FirstOrDefault()?.Trim();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                return await SayAsync(TryAgain, $"The file {file} cannot be read: {failure.Message}");
            }
        }

        if (!Uri.TryCreate(to, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            return await SayAsync(file is null ? Usage : TryAgain, "The address is no web address. Copy it from the team's page \"Mail and callouts\": https://HUB/intake/SECRET/mail.");
        using var body = new MemoryStream();
        await mail.CopyToAsync(body, cancel);
        if (body.Length == 0) return await SayAsync(NoInput, "No mail came in on standard input.");
        if (body.Length > MostBytes) return await SayAsync(NotTaken, $"The mail is larger than {MostBytes / 1024 / 1024} MB; the hub takes none of that size.");
        return await PostAsync(address, body.ToArray());

        async Task<int> PostAsync(Uri url, byte[] bytes)
        {
            using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !url.IsLoopback }) { Timeout = Patience };
            using var content = new ByteArrayContent(bytes) { Headers = { ContentType = new("message/rfc822") } };
            try
            {
                using var answer = await http.PostAsync(url, content, cancel);
                var said = Said(await answer.Content.ReadAsStringAsync(cancel));
                if (answer.IsSuccessStatusCode) return ExitCodes.Done;
                return answer.StatusCode is HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.BadRequest
                    ? await SayAsync(NotTaken, $"The hub does not take this mail: {said}")
                    : await SayAsync(TryAgain, $"The hub did not take the mail now ({(int)answer.StatusCode}): {said}");
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
            {
                return await SayAsync(TryAgain, $"The hub at {url.GetLeftPart(UriPartial.Authority)} could not be reached: {failure.Message}");
            }
        }

        async Task<int> SayAsync(int code, string words)
        {
            await trouble.WriteLineAsync(words);
            return code;
        }
    }

    /// <summary>The sentence in a problem document; the beginning of anything else.</summary>
    private static string Said(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("detail", out var detail)) return detail.ToString();
        }
        catch (JsonException)
        {
            // A proxy in between answers in HTML.
        }

        return body.Length > 200 ? body[..200].ReplaceLineEndings(" ") : body.ReplaceLineEndings(" ");
    }
}
