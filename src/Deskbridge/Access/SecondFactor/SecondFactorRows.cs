namespace Deskbridge.Access.SecondFactor;

/// <summary>A person's authenticator app. There is a row only once a code of the app was seen.</summary>
internal sealed class Authenticator
{
    public required Guid PersonId { get; init; }

    /// <summary>20 random bytes in base64, encrypted.</summary>
    public required string Secret { get; set; }

    /// <summary>Step of the last code taken; that code and older ones are refused.</summary>
    public required long LastStep { get; set; }

    public required DateTimeOffset Since { get; init; }
}

/// <summary>A code on paper for the day the phone is lost. It works once: the row goes with its use.</summary>
internal sealed class RecoveryCode
{
    public required Guid PersonId { get; init; }

    /// <summary>SHA-256 of the code, hexadecimal. The code has 75 random bits, so a plain hash cannot be searched.</summary>
    public required string Hash { get; init; }
}
