using System.Text.Json;
using Deskbridge.Core.Data;

namespace Deskbridge;

/// <summary>
/// One hub per data folder: two would page twice. The lock file is locked as long as this process lives, however it dies; the file beside
/// it tells a second hub who holds it.
/// </summary>
internal sealed class InstanceLease : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _instanceFile;
    private FileStream? _databaseLock;

    private InstanceLease(FileStream taken, string instanceFile) => (_lock, _instanceFile) = (taken, instanceFile);

    /// <summary>Takes the folder for this process.</summary>
    /// <exception cref="StartRefusedException">Another hub holds the folder.</exception>
    public static InstanceLease Take(DataFolder folder, string address, TimeProvider clock) =>
        TryTake(folder, address, clock) ?? throw new StartRefusedException(
            $"Another hub already runs on the data folder {folder.Root}: {Describe(folder)}. Stop it first, or name another folder with --data.");

    /// <summary>Takes the folder for this process; null when another one holds it.</summary>
    public static InstanceLease? TryTake(DataFolder folder, string address, TimeProvider clock)
    {
        FileStream taken;
        try
        {
            taken = DataFolder.Private(folder.Lock, FileMode.OpenOrCreate);
        }
        catch (IOException)
        {
            return null;
        }

        var lease = new InstanceLease(taken, folder.Instance);
        lease.Name(address, clock);
        return lease;
    }

    /// <summary>Takes a SQLite file that lies outside the folder: hubs with folders of their own must not share it.</summary>
    /// <exception cref="StartRefusedException">Another hub holds the file.</exception>
    public void TakeDatabase(HubDatabase database, DataFolder folder)
    {
        if (database.File is not { } file || file == folder.Database) return;
        try
        {
            _databaseLock = DataFolder.Private(file + ".lock", FileMode.OpenOrCreate);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(
                $"The database {file} cannot be taken: {failure.Message.TrimEnd('.')}. If another hub runs on it, stop that one first: hubs that share a database need PostgreSQL.");
        }
    }

    /// <summary>Tells where this hub answers: the address asked for at first, the one it got when it listens.</summary>
    public void Name(string address, TimeProvider clock)
    {
        DataFolder.MakePrivate(_instanceFile);
        File.WriteAllText(_instanceFile, JsonSerializer.Serialize(new Holder(Environment.ProcessId, address, clock.GetUtcNow())));
    }

    public void Dispose()
    {
        File.Delete(_instanceFile);
        _databaseLock?.Dispose();
        _lock.Dispose();
    }

    /// <summary>Where the hub that holds the folder answers; null when none does.</summary>
    public static string? AddressOf(DataFolder folder) => Read(folder)?.Address;

    private static string Describe(DataFolder folder) =>
        Read(folder) is { } holder ? $"process {holder.ProcessId}, {holder.Address}, since {holder.Since:u}" : "it left no name";

    private static Holder? Read(DataFolder folder)
    {
        try
        {
            return JsonSerializer.Deserialize<Holder>(File.ReadAllText(folder.Instance));
        }
        catch (Exception failure) when (failure is IOException or JsonException)
        {
            return null;
        }
    }

    private sealed record Holder(int ProcessId, string Address, DateTimeOffset Since);
}
