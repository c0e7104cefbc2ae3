using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Deskbridge.Connectors.ConnectWise.Psa;

internal sealed partial class PsaClient
{
    private const string Accepted = "application/vnd.connectwise.com+json; version=2025.1";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private Task<(HttpResponseMessage Response, byte[] Body)> ExchangeAsync(HttpRequestMessage request, CancellationToken cancel) => _channel.ExchangeAsync(request, Patience, cancel);

    private HttpRequestMessage Authenticated(HttpMethod method, Uri uri, AuthenticationHeaderValue key)
    {
        var request = new HttpRequestMessage(method, uri);
        request.Headers.Authorization = key;
        request.Headers.TryAddWithoutValidation("clientId", _clientId);
        request.Headers.Accept.ParseAdd(Accepted);
        return request;
    }

    private async Task<CompanyInfoDto> FetchCompanyInfoAsync(CancellationToken cancel)
    {
        try
        {
            return await AskCompanyInfoAsync(cancel);
        }
        catch (ConnectorUnavailableException failure) when (failure.MayHaveBeenApplied)
        {
            // Whatever waits for the address has not been sent yet, so it is not in doubt.
            throw new ConnectorUnavailableException(failure.Message, mayHaveBeenApplied: false, failure);
        }
    }

    private async Task<CompanyInfoDto> AskCompanyInfoAsync(CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Instance, $"/login/companyinfo/{Uri.EscapeDataString(CompanyId)}"));
        request.Headers.Accept.ParseAdd("application/json");
        var (response, body) = await ExchangeAsync(request, cancel);
        using (response)
        {
            if (response.StatusCode == HttpStatusCode.NotFound || (response.IsSuccessStatusCode && body.AsSpan().Trim(" \r\n\t"u8).SequenceEqual("null"u8)))
            {
                throw new ConnectorCredentialsException(
                    $"{Instance.Authority} knows no company \"{CompanyId}\". Check the Company ID, and that the Instance URI is the address you sign in at.");
            }

            if (!response.IsSuccessStatusCode)
            {
                throw PsaFailures.Of(HttpMethod.Get, "login/companyinfo", response, body);
            }

            return Read(Parse(HttpMethod.Get, body), PsaJson.Default.CompanyInfoDto);
        }
    }

    private static JsonElement Parse(HttpMethod method, byte[] body)
    {
        using var document = Open(method, body);
        return document.RootElement.Clone();
    }

    private static JsonDocument Open(HttpMethod method, byte[] body)
    {
        try
        {
            return JsonTexts.Open(body);
        }
        catch (JsonException failure)
        {
            throw new ConnectorUnavailableException(
                "The answer is not JSON. Check that the Instance URI leads to ConnectWise PSA and not to a sign-in page or proxy.",
                mayHaveBeenApplied: method != HttpMethod.Get,
                failure);
        }
    }
}
