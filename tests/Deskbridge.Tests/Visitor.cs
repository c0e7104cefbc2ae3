using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace Deskbridge.Tests;

/// <summary>A browser or program at one network address: keeps cookies, follows no redirects, fills forms in as a person would.</summary>
public sealed partial class Visitor : IDisposable
{
    /// <summary>Configuration of a hub that believes visitors where they say they are.</summary>
    public static KeyValuePair<string, string?> Believed { get; } = new(ReverseProxies.Setting, "127.0.0.1");

    public Visitor(Uri hub, string address)
    {
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = hub };
        Http.DefaultRequestHeaders.Add("X-Forwarded-For", address);
    }

    public HttpClient Http { get; }

    public void UseToken(string token) => Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

    public Task<HttpResponseMessage> GetAsync(string path) => Http.GetAsync(path, TestContext.Current.CancellationToken);

    public Task<string> ReadAsync(string path) => Http.GetStringAsync(path, TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> PostJsonAsync(string path, object body, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Loads the page, fills its form in and sends it.</summary>
    /// <param name="page">The page that has the form.</param>
    /// <param name="fields">Name and value.</param>
    /// <param name="handler">Where the form goes when not to the page itself.</param>
    public async Task<HttpResponseMessage> PostFormAsync(string page, (string Name, string Value)[] fields, string? handler = null)
    {
        var token = await TokenAsync(page);
        return await PostAsync(handler ?? page, [.. fields, ("__RequestVerificationToken", token)]);
    }

    /// <summary>What the forms of a page carry against forgery.</summary>
    public async Task<string> TokenAsync(string page) => Token().Match(await ReadAsync(page)).Groups["value"].Value;

    /// <summary>Sends a form without loading its page first.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, (string Name, string Value)[] fields) =>
        Http.PostAsync(path, new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))), TestContext.Current.CancellationToken);

    public async Task SignInAsync(string email, string password) =>
        Assert.Equal(HttpStatusCode.Redirect, (await TrySignInAsync(email, password)).StatusCode);

    public Task<HttpResponseMessage> TrySignInAsync(string email, string password) =>
        PostFormAsync("/sign-in", [("Form.Email", email), ("Form.Password", password)]);

    public async Task<bool> IsSignedInAsync() => (await GetAsync("/profile")).StatusCode == HttpStatusCode.OK;

    public static async Task<JsonNode> JsonAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;

    public void Dispose() => Http.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]* value=\"(?<value>[^\"]+)\"", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Token();
}
