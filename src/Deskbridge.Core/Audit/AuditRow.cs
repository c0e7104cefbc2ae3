using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Deskbridge.Core.Audit;

/// <summary>One line of the audit: never changed, and chained to the line before by its hash.</summary>
public sealed class AuditRow
{
    /// <summary>Previous hash of the very first line.</summary>
    public const string Beginning = "";

    /// <summary>From 1, without gaps.</summary>
    public required long Number { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What kind of doer.</summary>
    public required ActorKind ActorKind { get; init; }

    /// <summary>The person behind it.</summary>
    public required Guid? PersonId { get; init; }

    /// <summary>The doer's name at that time.</summary>
    public required string Actor { get; init; }

    /// <summary>API token or command; empty otherwise.</summary>
    public required string Via { get; init; }

    /// <summary>Network address; empty when there is none.</summary>
    public required string Address { get; init; }

    /// <summary>What was done, such as <c>person.changed</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Id of what it was done to; empty when there is none.</summary>
    public required string SubjectId { get; init; }

    /// <summary>Its name at that time.</summary>
    public required string Subject { get; init; }

    /// <summary>JSON: before and after of each changed value, without secrets; empty when there is nothing to tell.</summary>
    public required string Detail { get; init; }

    /// <summary>Hash of the line before.</summary>
    public required string Previous { get; init; }

    /// <summary>SHA-256 over all of the above, hexadecimal.</summary>
    public string Hash { get; set; } = "";

    /// <summary>Doer, command, address and subject in lower case, for finding; no part of the chain.</summary>
    public string SearchKey { get; init; } = "";

    /// <summary>The hash this line must have. Each value goes in with its length before it, so that nothing can be moved from one into the next.</summary>
    public string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        string[] values =
        [
            Number.ToString(CultureInfo.InvariantCulture),
            At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            ActorKind.ToString(), PersonId?.ToString() ?? "", Actor, Via, Address, Action, SubjectId, Subject, Detail, Previous,
        ];
        foreach (var value in values)
        {
            var bytes = Encoding.UTF8.GetBytes(value);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>Something to be written down, before it has its place in the chain.</summary>
/// <param name="Action">What was done, such as <c>sign-in</c>.</param>
/// <param name="SubjectId">Id of what it was done to.</param>
/// <param name="Subject">Its name.</param>
/// <param name="Changes">What changed.</param>
internal sealed record AuditNote(string Action, string SubjectId = "", string Subject = "", IReadOnlyDictionary<string, AuditChange>? Changes = null)
{
    /// <summary>A note with facts rather than changes.</summary>
    public static AuditNote Of(string action, object subjectId, string subject, params IReadOnlyList<(string Name, string? Value)> facts) =>
        new(action, subjectId.ToString()!, subject, facts.ToDictionary(fact => fact.Name, fact => new AuditChange(null, fact.Value), StringComparer.Ordinal));
}

/// <summary>A value before and after; null when there was or is none.</summary>
internal sealed record AuditChange(string? Before, string? After);
