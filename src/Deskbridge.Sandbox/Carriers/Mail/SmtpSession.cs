using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Deskbridge.Sandbox.Carriers.Mail;

/// <summary>
/// One SMTP conversation (RFC 5321) with PIPELINING, 8BITMIME, SMTPUTF8, SIZE and AUTH. Every sign-in and every recipient is
/// accepted; the 250 after DATA is sent only when the mail is in the log.
/// </summary>
internal sealed class SmtpSession(
    Socket socket, AppendLog<StoredMail> log, FaultList faults, CarriersOptions options, TimeProvider clock)
{
    private const int LongestCommand = 2048;
    private const int LongestAuthLine = 12288;
    private const int MostRecipients = 100;
    private const int MostErrors = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);     // RFC 5321 §4.5.3.2

    private readonly List<string> _to = [];
    private Stream _stream = Stream.Null;
    private SmtpLines _lines = new(Stream.Null);
    private string? _helo;
    private string? _user;
    private SmtpPath? _from;
    private int _errors;
    private bool _open = true;

    public async Task RunAsync(CancellationToken cancel)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        (_stream, _lines) = (stream, new SmtpLines(stream));
        if (!await PassAsync(FaultStage.Connect, FaultMoment.Before, cancel)) return;
        await ReplyAsync("220 sandbox.deskbridge.test ESMTP Deskbridge sandbox, keeps every mail and delivers none", cancel);
        while (_open && await ReadAsync(LongestCommand, cancel) is { } line)
        {
            if (line.TooLong) await RefuseAsync("500 Line too long", cancel);
            else await HandleAsync(MailCharset.Guess(line.Bytes), cancel);
        }
    }

    private Task HandleAsync(string line, CancellationToken cancel)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var verb = (space < 0 ? line : line[..space]).TrimEnd().ToUpperInvariant();
        var argument = space < 0 ? "" : line[(space + 1)..].Trim();
        return verb switch
        {
            "EHLO" or "HELO" => GreetAsync(argument, extended: verb == "EHLO", cancel),
            "AUTH" => AuthenticateAsync(argument, cancel),
            "MAIL" => MailAsync(argument, cancel),
            "RCPT" => RecipientAsync(argument, cancel),
            "DATA" => DataAsync(argument, cancel),
            "RSET" => ResetAsync(cancel),
            "NOOP" => ReplyAsync("250 OK", cancel),
            "VRFY" when argument.Length > 0 => ReplyAsync("252 Cannot verify, but will take the mail", cancel),
            "HELP" => ReplyAsync("214 EHLO HELO AUTH MAIL RCPT DATA RSET NOOP VRFY QUIT", cancel),
            "QUIT" => QuitAsync(cancel),
            "VRFY" => RefuseAsync("501 VRFY needs an address", cancel),
            "EXPN" or "STARTTLS" or "TURN" => RefuseAsync($"502 {verb} is not offered", cancel),
            _ => RefuseAsync("500 Unknown command", cancel),
        };
    }

    private async Task GreetAsync(string name, bool extended, CancellationToken cancel)
    {
        if (name.Length == 0) { await RefuseAsync("501 Say your name after EHLO or HELO", cancel); return; }
        if (!await PassAsync(FaultStage.Ehlo, FaultMoment.Before, cancel)) return;
        _helo = name;
        Forget();
        await ReplyAsync(extended
            ? string.Create(CultureInfo.InvariantCulture, $"250-sandbox.deskbridge.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-SIZE {options.MaxMailBytes}\r\n250 AUTH PLAIN LOGIN")
            : "250 sandbox.deskbridge.test", cancel);
    }

    private async Task AuthenticateAsync(string argument, CancellationToken cancel)
    {
        if (_helo is null || _user is not null || _from is not null) { await RefuseAsync("503 AUTH comes once, after EHLO and before MAIL", cancel); return; }
        var words = argument.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var first = words.Length > 1 ? words[1] : null;
        string? user;
        switch (words.FirstOrDefault()?.ToUpperInvariant())
        {
            case "PLAIN":
                var fields = (await CredentialAsync(first, "", cancel))?.Split('\0');
                user = fields is { Length: 3 } ? fields[1] : null;
                break;
            case "LOGIN":
                user = await CredentialAsync(first, "VXNlcm5hbWU6", cancel);
                if (user is not null && await CredentialAsync(null, "UGFzc3dvcmQ6", cancel) is null) user = null;
                break;
            default:
                await RefuseAsync("504 Only PLAIN and LOGIN are offered", cancel);
                return;
        }
        if (string.IsNullOrEmpty(user)) { await RefuseAsync("501 These credentials cannot be read", cancel); return; }
        if (!await PassAsync(FaultStage.Auth, FaultMoment.Before, cancel)) return;
        _user = user;
        await ReplyAsync("235 Welcome", cancel);
    }

    // The credential given with the command, or the answer to a challenge; null when it is cancelled or not Base64.
    private async Task<string?> CredentialAsync(string? given, string challenge, CancellationToken cancel)
    {
        if (given is null)
        {
            await ReplyAsync("334 " + challenge, cancel);
            if (await ReadAsync(LongestAuthLine, cancel) is not { TooLong: false } line) return null;
            given = Encoding.Latin1.GetString(line.Bytes);
        }
        var buffer = new byte[given.Length];
        return Convert.TryFromBase64String(given == "=" ? "" : given, buffer, out var written) ? Encoding.UTF8.GetString(buffer, 0, written) : null;
    }

    private async Task MailAsync(string argument, CancellationToken cancel)
    {
        if (_helo is null || _from is not null) { await RefuseAsync("503 MAIL comes once, after EHLO", cancel); return; }
        if (SmtpPath.Read(argument, "FROM") is not { } path) { await RefuseAsync("501 Write MAIL FROM:<address>", cancel); return; }
        if (Objection(path) is { } objection) { await RefuseAsync(objection, cancel); return; }
        if (!await PassAsync(FaultStage.Mail, FaultMoment.Before, cancel, path.Address)) return;
        _from = path;
        await ReplyAsync("250 Sender OK", cancel);
    }

    private string? Objection(SmtpPath path)
    {
        foreach (var (name, value) in path.Parameters)
        {
            switch (name.ToUpperInvariant())
            {
                case "SIZE" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size):
                    if (size > options.MaxMailBytes) return TooLarge;
                    break;
                case "BODY" when value.ToUpperInvariant() is "7BIT" or "8BITMIME":
                case "SMTPUTF8" when value.Length == 0:
                case "AUTH":
                    break;
                default:
                    return "555 Parameter not known";
            }
        }
        if (path.Address.Length > 0 && !path.IsMailbox()) return "553 Not a mailbox";
        return !Ascii.IsValid(path.Address) && !path.Parameters.ContainsKey("SMTPUTF8") ? "553 This address needs SMTPUTF8" : null;
    }

    private async Task RecipientAsync(string argument, CancellationToken cancel)
    {
        if (_from is null) { await RefuseAsync("503 MAIL comes first", cancel); return; }
        if (SmtpPath.Read(argument, "TO") is not { } path) { await RefuseAsync("501 Write RCPT TO:<address>", cancel); return; }
        if (path.Parameters.Count > 0) { await RefuseAsync("555 Parameter not known", cancel); return; }
        if (!path.IsMailbox()) { await RefuseAsync("553 Not a mailbox", cancel); return; }
        if (!Ascii.IsValid(path.Address) && !_from.Parameters.ContainsKey("SMTPUTF8")) { await RefuseAsync("553 This address needs SMTPUTF8", cancel); return; }
        if (_to.Count == MostRecipients) { await ReplyAsync("452 Too many recipients", cancel); return; }
        if (!await PassAsync(FaultStage.Rcpt, FaultMoment.Before, cancel, path.Address)) return;
        _to.Add(path.Address);
        await ReplyAsync("250 Recipient OK", cancel);
    }

    private async Task DataAsync(string argument, CancellationToken cancel)
    {
        if (argument.Length > 0) { await RefuseAsync("501 DATA takes no argument", cancel); return; }
        if (_from is null) { await RefuseAsync("503 MAIL comes first", cancel); return; }
        if (_to.Count == 0) { await RefuseAsync("554 No valid recipients", cancel); return; }
        if (!await PassAsync(FaultStage.Data, FaultMoment.Before, cancel, Envelope)) return;
        await ReplyAsync("354 Go ahead, end with a dot on a line of its own", cancel);

        using var content = new MemoryStream();
        var tooLarge = false;
        while (true)
        {
            if (await ReadAsync(options.MaxMailBytes, cancel) is not { } line) { _open = false; return; }
            if (line is { TooLong: false, Bytes: [(byte)'.'] }) break;
            var text = line.Bytes is [(byte)'.', ..] ? line.Bytes.AsMemory(1) : line.Bytes;     // RFC 5321 §4.5.2
            tooLarge |= line.TooLong || content.Length + text.Length + 2 > options.MaxMailBytes;
            if (tooLarge) continue;
            await content.WriteAsync(text, cancel);
            content.Write("\r\n"u8);
        }
        await (tooLarge ? RefuseAsync(TooLarge, cancel) : KeepAsync(content.ToArray(), cancel));
        Forget();
    }

    private async Task KeepAsync(byte[] raw, CancellationToken cancel)
    {
        if (!await PassAsync(FaultStage.Message, FaultMoment.Before, cancel, Envelope)) return;
        var kept = await log.AppendAsync(new StoredMail(clock.GetUtcNow(), _from!.Address, [.. _to], _helo!, _user, raw), cancel);
        if (!await PassAsync(FaultStage.Message, FaultMoment.After, cancel, Envelope)) return;
        await ReplyAsync(string.Create(CultureInfo.InvariantCulture, $"250 Kept as {kept.Seq}"), cancel);
    }

    private string[] Envelope => [_from?.Address ?? "", .. _to];

    private string TooLarge => string.Create(CultureInfo.InvariantCulture, $"552 A mail may have {options.MaxMailBytes} bytes at most");

    private Task ResetAsync(CancellationToken cancel)
    {
        Forget();
        return ReplyAsync("250 Forgotten", cancel);
    }

    private Task QuitAsync(CancellationToken cancel)
    {
        _open = false;
        return ReplyAsync("221 Goodbye", cancel);
    }

    private void Forget()
    {
        _from = null;
        _to.Clear();
    }

    /// <summary>Lets an ordered fault strike; false when it has answered (or cut the line) in the place of the caller.</summary>
    private async Task<bool> PassAsync(FaultStage stage, FaultMoment moment, CancellationToken cancel, params string[] concerned)
    {
        var verdict = faults.Take(Carrier.Smtp, stage, moment, concerned);
        if (verdict.Delay > TimeSpan.Zero) await Task.Delay(verdict.Delay, clock, cancel);
        if (verdict.Strike is not { } fault) return true;
        if (fault.Kind == FaultKind.Cut)
        {
            _open = false;
            socket.LingerState = new LingerOption(enable: true, seconds: 0);       // reset, not an orderly end
            socket.Close();
            return false;
        }
        if (fault.Status == 421) _open = false;
        await ReplyAsync(string.Create(CultureInfo.InvariantCulture, $"{fault.Status} {fault.Text ?? "Ordered failure"}"), cancel);
        return false;
    }

    private async Task RefuseAsync(string reply, CancellationToken cancel)
    {
        if (++_errors > MostErrors)
        {
            _open = false;
            reply = "421 Too many errors";
        }
        await ReplyAsync(reply, cancel);
    }

    private async ValueTask<SmtpLine?> ReadAsync(int limit, CancellationToken cancel)
    {
        using var idle = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancel);
        return await _lines.ReadAsync(limit, either.Token);
    }

    private async Task ReplyAsync(string reply, CancellationToken cancel) =>
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(reply + "\r\n"), cancel);
}
