namespace Deskbridge.Connectors.Autotask;

/// <summary>Reads the fields of tickets and remembers them for an hour, as the vendor's lists change seldom (reference 4.10).</summary>
internal sealed class TicketSchemas(AutotaskClient client, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    /// <summary>A value that is not in the lists may just have been added; they are not read again more often than this.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private TicketSchema? _known;
    private DateTimeOffset _readAt;

    /// <summary>The fields as read last; null before the first time.</summary>
    public TicketSchema? Known => _known;

    /// <summary>The fields; as remembered unless that is long ago.</summary>
    public Task<TicketSchema> ReadAsync(CancellationToken cancel) => ReadAsync(KeptFor, cancel);

    /// <summary>The fields; read anew unless that was done just now.</summary>
    public Task<TicketSchema> ReadFreshAsync(CancellationToken cancel) => ReadAsync(Freshness, cancel);

    public void Dispose() => _reading.Dispose();

    private async Task<TicketSchema> ReadAsync(TimeSpan age, CancellationToken cancel)
    {
        if (_known is { } kept && clock.GetUtcNow() - _readAt < age) return kept;
        await _reading.WaitAsync(cancel);
        try
        {
            if (_known is { } since && clock.GetUtcNow() - _readAt < age) return since;
            var fields = await client.GetAsync("Tickets/entityInformation/fields", AutotaskJson.Default.FieldListDto, cancel);
            var own = await client.GetAsync("Tickets/entityInformation/userDefinedFields", AutotaskJson.Default.FieldListDto, cancel);
            (_known, _readAt) = (TicketSchema.Of(fields, own), clock.GetUtcNow());
            return _known;
        }
        finally
        {
            _reading.Release();
        }
    }
}
