using System.Globalization;
using System.Text.Json;
using Deskbridge.Sandbox;
using Deskbridge.Sandbox.ConnectWisePsa.Http;

namespace Deskbridge.Cli.Demo;

/// <summary>How to reach a running sandbox and sign in to it; the content of <c>sandbox.json</c>. Addresses are bare origins, but those of Teams and Slack whole; a file of an older version lacks them.</summary>
internal sealed record SandboxDescription(
    string Url,
    string HttpsUrl,
    string CaFile,
    string ControlToken,
    string CompanyId,
    string MemberId,
    string PublicKey,
    string PrivateKey,
    string ClientId,
    string IntegratorLogin,
    string IntegratorPassword,
    string MemberPassword,
    string NtfyUrl,
    string Smtp,
    string? TeamsUrl,
    string? SlackUrl,
    string? AutotaskUserName,
    string? AutotaskSecret,
    string? AutotaskIntegrationCode,
    string? TwilioUrl,
    string? TwilioAccountSid,
    string? TwilioAuthToken,
    string? TwilioNumber)
{
    private static readonly JsonSerializerOptions Shape = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Autotask's address below an origin.</summary>
    public const string AutotaskPath = "/ATServicesRest/";

    public int SmtpPort => int.Parse(Smtp.AsSpan(Smtp.LastIndexOf(':') + 1), CultureInfo.InvariantCulture);

    public static SandboxDescription Of(SandboxServer sandbox) => new(
        Origin(sandbox.HttpUrl),
        Origin(sandbox.HttpsUrl),
        Path.GetFullPath(sandbox.CaFile),
        sandbox.ControlToken,
        sandbox.ConnectWise.CompanyId,
        sandbox.ConnectWise.MemberId,
        sandbox.ConnectWise.PublicKey,
        sandbox.ConnectWise.PrivateKey,
        sandbox.ConnectWise.ClientId,
        PsaCredentials.IntegratorLogin,
        sandbox.ConnectWise.IntegratorPassword,
        sandbox.ConnectWise.MemberPassword,
        Origin(sandbox.NtfyUrl),
        sandbox.SmtpEndpoint,
        sandbox.TeamsUrl.ToString(),
        sandbox.SlackUrl.ToString(),
        sandbox.Autotask.UserName,
        sandbox.Autotask.Secret,
        sandbox.Autotask.IntegrationCode,
        Origin(sandbox.TwilioUrl),
        sandbox.Twilio.AccountSid,
        sandbox.Twilio.AuthToken,
        sandbox.Twilio.Number);

    public static async Task<SandboxDescription?> ReadAsync(string file, CancellationToken cancel) =>
        File.Exists(file) ? JsonSerializer.Deserialize<SandboxDescription>(await File.ReadAllTextAsync(file, cancel), Shape) : null;

    public Task WriteAsync(string file, CancellationToken cancel) =>
        DataFolder.WritePrivateAsync(file, JsonSerializer.Serialize(this, Shape), cancel);

    public static string Origin(Uri url) => url.GetLeftPart(UriPartial.Authority);
}
