using System.Text.Json;

namespace Deskbridge.Cli.Demo;

/// <summary>The content of <c>demo.json</c>: everything another program needs to use a running demo.</summary>
internal sealed record DemoFile(
    DemoFile.HubPart Hub, DemoFile.SandboxPart Sandbox, DemoFile.ConnectWisePart ConnectWise, DemoFile.AutotaskPart Autotask, DemoFile.MailPart Mail, DemoFile.NtfyPart Ntfy,
    DemoFile.TwilioPart Twilio)
{
    private static readonly JsonSerializerOptions Shape = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static DemoFile Of(string hub, DemoAccount account, SandboxDescription sandbox, string topic) => new(
        new(hub, account.ApiToken, account.Email, account.Password),
        new(sandbox.Url, sandbox.HttpsUrl, sandbox.CaFile, sandbox.ControlToken),
        new(sandbox.Url, sandbox.HttpsUrl, sandbox.CompanyId, sandbox.MemberId, sandbox.PublicKey, sandbox.PrivateKey, sandbox.ClientId),
        new(sandbox.Url + SandboxDescription.AutotaskPath, sandbox.HttpsUrl + SandboxDescription.AutotaskPath, sandbox.AutotaskUserName!, sandbox.AutotaskSecret!, sandbox.AutotaskIntegrationCode!),
        new(sandbox.Smtp),
        new(sandbox.NtfyUrl, topic),
        new(sandbox.TwilioUrl!, sandbox.TwilioAccountSid!, sandbox.TwilioAuthToken!, sandbox.TwilioNumber!));

    /// <summary>
    /// Takes the file of an earlier start away, for its presence means that everything answers, and keeps it under another name for what it knows.
    /// </summary>
    public static async Task<DemoFile?> TakeAwayAsync(DataFolder folder, CancellationToken cancel)
    {
        var (current, previous) = (PathIn(folder), PathIn(folder) + ".previous");
        if (File.Exists(current)) File.Move(current, previous, overwrite: true);
        return File.Exists(previous) ? JsonSerializer.Deserialize<DemoFile>(await File.ReadAllTextAsync(previous, cancel), Shape) : null;
    }

    public static string PathIn(DataFolder folder) => Path.Combine(folder.Root, "demo.json");

    public async Task WriteAsync(DataFolder folder, CancellationToken cancel)
    {
        await DataFolder.WritePrivateAsync(PathIn(folder), JsonSerializer.Serialize(this, Shape), cancel);
        File.Delete(PathIn(folder) + ".previous");
    }

    internal sealed record HubPart(string Url, string ApiToken, string Email, string Password);

    internal sealed record SandboxPart(string Url, string HttpsUrl, string CaFile, string ControlToken);

    internal sealed record ConnectWisePart(string Url, string HttpsUrl, string CompanyId, string MemberId, string PublicKey, string PrivateKey, string ClientId);

    internal sealed record AutotaskPart(string Url, string HttpsUrl, string UserName, string Secret, string IntegrationCode);

    internal sealed record MailPart(string Smtp);

    internal sealed record NtfyPart(string Url, string Topic);

    internal sealed record TwilioPart(string Url, string AccountSid, string AuthToken, string Number);
}
