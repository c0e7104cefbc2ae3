using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Deskbridge.Sandbox.Carriers.Twilio;
using Xunit;

namespace Deskbridge.Sandbox.Tests.Carriers;

/// <summary>A customer of Twilio with a program of its own, and Dana's phone.</summary>
public abstract class TwilioTest : CarriersTest
{
    protected const string Dana = "+15555550123";
    protected const string Phone = "/_control/phones/" + Dana;

    internal AccountOwner Owner { get; private set; } = null!;
    protected TwilioCredentials Keys => Server.Twilio;
    protected string Api => $"/2010-04-01/Accounts/{Keys.AccountSid}";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Http.DefaultRequestHeaders.Authorization = Basic(Keys.AccountSid, Keys.AuthToken);
        Owner ??= await AccountOwner.StartAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Owner.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static AuthenticationHeaderValue Basic(string user, string password) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    protected async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(string path, params (string Name, string Value)[] fields)
    {
        using var answer = await Http.PostAsync(Api + path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    protected Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(string body, params (string Name, string Value)[] more) =>
        AskAsync("/Messages.json", [("To", Dana), ("From", Keys.Number), ("Body", body), .. more]);

    protected Task<JsonElement> GetAsync(string path) => Http.GetFromJsonAsync<JsonElement>(Api + path);

    protected async Task<JsonElement[]> OnPhoneAsync(string what) => [.. (await Control.GetFromJsonAsync<JsonElement>($"{Phone}/{what}")).GetProperty("items").EnumerateArray()];

    protected async Task<JsonElement> DoAsync(HttpMethod method, string path, object? body, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body ?? new { }) };
        using var answer = await Control.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    protected Task<JsonElement> ActAsync(string action, object? body = null) => DoAsync(HttpMethod.Post, $"{Phone}/calls/current/{action}", body);

    /// <summary>The signature as the vendor's page on validating requests says it is made, apart from the sandbox's own code.</summary>
    internal bool IsSigned(OwnerAsked asked)
    {
        var text = asked.Url + string.Concat(asked.Fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => field.Key + field.Value));
#pragma warning disable CA5350 // The vendor's algorithm.
        return asked.Signature == Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(Keys.AuthToken), Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350
    }

    protected static string[] Names(JsonElement document) => [.. document.EnumerateObject().Select(member => member.Name)];
}
