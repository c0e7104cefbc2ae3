using Deskbridge.Connectors;
using Deskbridge.Core.Common;

namespace Deskbridge.Core.Sync;

/// <summary>What an effect is to do, in words for people.</summary>
internal static class EffectWords
{
    /// <summary>One line.</summary>
    public static string Of(Effect effect) => effect.Kind switch
    {
        EffectKind.Note => "Add a note.",
        EffectKind.Document => $"Attach the file \"{Json.Read<DocumentWrite>(effect.Payload).FileName}\".",
        EffectKind.NoteEdit => "Change the text of a note.",
        EffectKind.Schedule => Of(Json.Read<ScheduleWrite>(effect.Payload)),
        _ => Sentence(Json.Read<FieldWrite>(effect.Payload)),
    };

    /// <summary>The fields of a write and their values; a value that was refused before it was found has a name only.</summary>
    public static string Of(FieldWrite write) => string.Join(", ", write.Set.Select(set => $"{NameOf(set.Key)} {Value(set.Value, write.Names.GetValueOrDefault(set.Key))}"));

    private static string Value(string? value, string? name) => (string.IsNullOrEmpty(name) ? value : name) is { } shown ? $"= \"{shown}\"" : "cleared";

    private static string Sentence(FieldWrite write) => $"Set {Of(write)} ({write.Why}).";

    /// <summary>A schedule entry that is added or ended.</summary>
    public static string Of(ScheduleWrite entry) => entry.Ends is null ? $"Schedule {NameOf(entry)} on the ticket." : $"End the schedule entry of {NameOf(entry)} on the ticket.";

    private static string NameOf(ScheduleWrite entry) => entry.Name.Length > 0 ? entry.Name : $"member {entry.MemberId}";

    private static string NameOf(string field) => field switch
    {
        TicketFields.MarkerRetrieved => "retrieved marker",
        TicketFields.MarkerStatus => "state marker",
        TicketFields.MarkerUser => "user marker",
        _ => field,
    };
}
