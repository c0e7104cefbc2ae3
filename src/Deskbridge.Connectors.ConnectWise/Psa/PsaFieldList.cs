using Deskbridge.Connectors.ConnectWise.Psa.Rules;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>The instance's own ticket fields, remembered for a while: rules are read every minute, fields are made once a year.</summary>
internal sealed class PsaFieldList(PsaClient client, MarkerNames markers, TimeProvider clock)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    private long? _readAt;

    /// <summary>As read last; empty before.</summary>
    public IReadOnlyList<PsaTicketField> Known { get; private set; } = [];

    /// <summary>One call, or none where they were read a while ago. A role that may not read them leaves what was known.</summary>
    /// <param name="now">Read them whenever they were read last.</param>
    /// <param name="cancel">Ends the call.</param>
    public async Task<IReadOnlyList<PsaTicketField>> ReadAsync(bool now, CancellationToken cancel)
    {
        if (!now && _readAt is { } at && clock.GetElapsedTime(at) < KeptFor) return Known;
        try
        {
            Known = PsaTicketField.Of(await client.ListAsync("system/userDefinedFields", PsaJson.Default.FieldDto, cancel), markers);
        }
        catch (ConnectorException failure) when (failure is ConnectorRejectedException or ConnectorNotFoundException)
        {
            // ConnectWise is asked about the clauses that cannot be read without them.
        }

        _readAt = clock.GetTimestamp();
        return Known;
    }
}
