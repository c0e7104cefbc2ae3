using Deskbridge.Core.Common;

namespace Deskbridge.Core.Sync;

/// <summary>What an effect is to do, in words for people.</summary>
internal static class EffectWords
{
    /// <summary>One line.</summary>
    public static string Of(Effect effect) => effect.Kind switch
    {
        EffectKind.Note => "Add a note.",
        EffectKind.Schedule => $"Schedule member {Json.Read<ScheduleWrite>(effect.Payload).MemberId}.",
        _ => Describe(Json.Read<FieldWrite>(effect.Payload)),
    };

    private static string Describe(FieldWrite write) =>
        $"Set {string.Join(", ", write.Set.Select(field => $"{field.Key} = {write.Names.GetValueOrDefault(field.Key) ?? field.Value ?? "nothing"}"))} ({write.Why}).";
}
