using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Deskbridge.Core.Alerting.Paging;

namespace Deskbridge.Core.Alerting.Twilio;

/// <summary>Twilio's REST API, version 2010-04-01: forms to it, JSON from it.</summary>
internal sealed class TwilioApi(CarrierHttp http)
{
    /// <summary>Posts a form to a resource of the account.</summary>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public Task<CarrierAnswer> PostAsync(TwilioAccount account, string resource, IEnumerable<KeyValuePair<string, string>> fields, CancellationToken cancel) =>
        SendAsync(account, HttpMethod.Post, $"/{resource}.json", new FormUrlEncodedContent(fields), cancel);

    /// <summary>Reads the account itself.</summary>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public Task<CarrierAnswer> AccountAsync(TwilioAccount account, CancellationToken cancel) => SendAsync(account, HttpMethod.Get, ".json", null, cancel);

    /// <summary>A member of an answer as text; null when it is not there.</summary>
    public static string? Member(string body, string name)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            return answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty(name, out var member) && member.ValueKind is JsonValueKind.String or JsonValueKind.Number
                ? member.ToString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<CarrierAnswer> SendAsync(TwilioAccount account, HttpMethod method, string resource, HttpContent? content, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, $"{account.Address}/2010-04-01/Accounts/{account.Sid}{resource}") { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.Sid}:{account.Token}")));
        return await http.SendAsync(request, cancel);
    }
}
