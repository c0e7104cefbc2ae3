namespace Deskbridge.Sandbox.Carriers;

/// <summary>Where the simulated carriers listen and keep what arrived.</summary>
internal sealed record CarriersOptions
{
    /// <summary>Folder of the append-only logs; made when missing.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Bearer token of the control endpoints.</summary>
    public required string ControlToken { get; init; }

    /// <summary>Port of the ntfy server, of Teams and Slack, and of the page. Default 0: any free one.</summary>
    public int NtfyPort { get; init; }

    /// <summary>Port of the SMTP sink. Default 0: any free one.</summary>
    public int SmtpPort { get; init; }

    /// <summary>Token that ntfy publishers and subscribers must show. Default null: nobody needs one.</summary>
    public string? NtfyToken { get; init; }

    /// <summary>How often an idle ntfy stream says that it lives. Default 45 seconds, as the real server's.</summary>
    public TimeSpan KeepaliveInterval { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Largest mail accepted, in bytes. Default 10 MiB.</summary>
    public int MaxMailBytes { get; init; } = 10 * 1024 * 1024;
}
