namespace Deskbridge.Sandbox;

/// <summary>How a sandbox is started.</summary>
public sealed record SandboxOptions
{
    /// <summary>Where state, log, keys and certificates are kept; made when missing.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The loopback port for http; 0 for any free one.</summary>
    public int HttpPort { get; init; }

    /// <summary>The loopback port for https; 0 for any free one.</summary>
    public int HttpsPort { get; init; }

    /// <summary>The loopback port of the ntfy server and of the Teams, Slack and Twilio simulations; 0 for any free one.</summary>
    public int NtfyPort { get; init; }

    /// <summary>The loopback port of the SMTP sink; 0 for any free one.</summary>
    public int SmtpPort { get; init; }

    /// <summary>The bearer token of the control API; null keeps the one in the data folder, made at first start.</summary>
    public string? ControlToken { get; init; }

    /// <summary>Takes callback registrations for plain http on loopback, which the real system refuses.</summary>
    public bool AllowPlainHttpLoopbackCallbacks { get; init; }

    /// <summary>The login company of the simulated PSA. Default <c>northbridge</c>.</summary>
    public string CompanyId { get; init; } = "northbridge";

    /// <summary>Identifier of the API member. Default <c>deskbridge</c>.</summary>
    public string ApiMember { get; init; } = "deskbridge";

    /// <summary>Fills an empty sandbox with the believable MSP. Default true; without it only tests can do much.</summary>
    public bool Seed { get; init; } = true;

    /// <summary>Seed of the chances of fault rules. Default 1.</summary>
    public int FaultSeed { get; init; } = 1;
}
