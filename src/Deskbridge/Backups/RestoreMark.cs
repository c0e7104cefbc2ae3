using Deskbridge.Core.Common;
using Deskbridge.Core.Data;

namespace Deskbridge.Backups;

/// <summary>What is written into restored data: an id of its own, and that it was restored.</summary>
internal sealed class RestoreMark(RandomIds ids, TimeProvider clock)
{
    public IReadOnlyDictionary<string, string> Settings(BackupManifest manifest) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [SettingKeys.InstanceId] = ids.NewId().ToString(),
        [SettingKeys.Restoration] = Json.Write(new Restoration(clock.GetUtcNow(), manifest.TakenAt, TakenUp: false)),
    };
}
