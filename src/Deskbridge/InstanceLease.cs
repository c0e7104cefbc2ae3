using System.Text.Json;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;

namespace Deskbridge;

/// <summary>
/// One hub per data folder and per SQLite file: two would page twice. The lock files are locked as long as this process lives, however it
/// dies; the file beside each tells a second hub who holds it.
/// </summary>
internal sealed class InstanceLease : IDisposable
{
    private readonly List<(FileStream Lock, Place Place)> _held = [];

    private InstanceLease()
    {
    }

    /// <summary>Known to this process and to whoever may read the data folder.</summary>
    public string Token { get; } = new RandomIds().NewSecret();

    /// <summary>Takes the data for this process.</summary>
    /// <exception cref="StartRefusedException">Another hub holds it.</exception>
    public static InstanceLease Take(DataFolder folder, HubDatabase database, string address, TimeProvider clock) =>
        Try(folder, database, address, clock, out var refused) ?? throw new StartRefusedException(
            $"Another hub already runs on {refused!.What}: {Describe(refused)}. Stop it first, or name {refused.Other}.");

    /// <summary>Takes the data for this process; null when another one holds it.</summary>
    public static InstanceLease? TryTake(DataFolder folder, HubDatabase database, string address, TimeProvider clock) => Try(folder, database, address, clock, out _);

    /// <summary>Tells where this hub answers: the address asked for at first, the one it got when it listens.</summary>
    public void Name(string address, TimeProvider clock)
    {
        foreach (var (_, place) in _held)
        {
            DataFolder.MakePrivate(place.Instance);
            File.WriteAllText(place.Instance, JsonSerializer.Serialize(new Holder(Environment.ProcessId, address, clock.GetUtcNow(), Token)));
        }
    }

    public void Dispose()
    {
        foreach (var (held, place) in _held)
        {
            File.Delete(place.Instance);
            held.Dispose();
        }
    }

    /// <summary>Where the hub that holds the folder answers; null when none does.</summary>
    public static string? AddressOf(DataFolder folder) => Holds(folder)?.Address;

    /// <summary>Who holds the folder, as it named itself; null when nobody does.</summary>
    public static Holder? Holds(DataFolder folder) => Read(folder.Instance);

    private static InstanceLease? Try(DataFolder folder, HubDatabase database, string address, TimeProvider clock, out Place? refused)
    {
        var lease = new InstanceLease();
        foreach (var place in Places(folder, database))
        {
            try
            {
                lease._held.Add((DataFolder.Private(place.Lock, FileMode.OpenOrCreate), place));
            }
            catch (IOException)
            {
                lease._held.ForEach(one => one.Lock.Dispose());
                refused = place;
                return null;
            }
            catch (UnauthorizedAccessException failure)
            {
                lease._held.ForEach(one => one.Lock.Dispose());
                throw new StartRefusedException($"A lock for {place.What} cannot be made: {failure.Message} Give the user running this the right to write there.");
            }
        }

        lease.Name(address, clock);
        refused = null;
        return lease;
    }

    /// <summary>A SQLite file elsewhere is locked as in its own folder, for a hub there, or one with a third folder, may use it too; by whatever link.</summary>
    private static IEnumerable<Place> Places(DataFolder folder, HubDatabase database)
    {
        yield return new Place(folder.Lock, folder.Instance, $"the data folder {folder.Root}", "another folder with --data");
        if (database.File is null) yield break;
        var file = (File.Exists(database.File) ? File.ResolveLinkTarget(database.File, returnFinalTarget: true)?.FullName : null) ?? database.File;
        var (held, instance) = (Path.ChangeExtension(file, ".lock"), Path.ChangeExtension(file, ".instance.json"));
        if (held != folder.Lock) yield return new Place(held, instance, $"the database {file}", "another one with --database");
    }

    private static string Describe(Place place) =>
        Read(place.Instance) is { } holder ? $"process {holder.ProcessId}, {holder.Address}, since {holder.Since:u}" : "it left no name";

    private static Holder? Read(string instance)
    {
        try
        {
            return JsonSerializer.Deserialize<Holder>(File.ReadAllText(instance));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private sealed record Place(string Lock, string Instance, string What, string Other);
}

/// <summary>The process that holds a data folder. <paramref name="Token"/> proves to it that the asker may read the folder.</summary>
internal sealed record Holder(int ProcessId, string Address, DateTimeOffset Since, string Token = "")
{
    /// <summary>Where it answers on this machine; null for a command, which does not.</summary>
    public Uri? LocalAddress =>
        Uri.TryCreate(Address.Replace("//*", "//127.0.0.1", StringComparison.Ordinal).Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal), UriKind.Absolute, out var address) ? address : null;
}
