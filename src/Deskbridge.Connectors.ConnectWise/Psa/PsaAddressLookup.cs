namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>Remembers the instance's address, looked up once and again when it seems to have moved.</summary>
internal sealed class PsaAddressLookup(Uri instance, Func<CancellationToken, Task<CompanyInfoDto>> fetch) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private PsaAddress? _known;

    public async Task<PsaAddress> GetAsync(CancellationToken cancel) =>
        Volatile.Read(ref _known) ?? await RefreshAsync(null, cancel);

    /// <summary>Asks again, unless another caller already found something newer than <paramref name="doubted"/>.</summary>
    public async Task<PsaAddress> RefreshAsync(PsaAddress? doubted, CancellationToken cancel)
    {
        await _oneAtATime.WaitAsync(cancel);
        try
        {
            if (_known is { } known && known != doubted)
            {
                return known;
            }

            var found = PsaAddress.From(instance, await fetch(cancel));
            Volatile.Write(ref _known, found);
            return found;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();
}
