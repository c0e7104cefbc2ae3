using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Access;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Api;

/// <summary>A real hub on a free loopback port, with a person of each role and a PSA in memory behind it; one per test class.</summary>
public sealed class ApiHost : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-host-");
    private readonly Dictionary<PersonRole, (Person Person, HttpClient Client)> _people = [];
    private TestDatabase _database = null!;

    public FakePsa Psa { get; } = new(TimeProvider.System);

    internal Hub Hub { get; private set; } = null!;

    public HttpClient Admin => _people[PersonRole.Admin].Client;

    public HttpClient Dispatcher => _people[PersonRole.Dispatcher].Client;

    public HttpClient Responder => _people[PersonRole.Responder].Client;

    public HttpClient Viewer => _people[PersonRole.Viewer].Client;

    /// <summary>Nobody signed in.</summary>
    public HttpClient Stranger { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.MigratedAsync(_folder.FullName);
        Hub = await Hub.StartAsync(
            new HubOptions { Data = _folder.FullName, Database = _database.Address, Port = 0, Services = services => services.AddQuickPasswords().AddSingleton<IConnectorType>(Psa) }, default);
        Stranger = Client(null);
        var admin = Get<CreateFirstAdministrator>();
        var first = (await admin.RunAsync(new PersonDraft("Ada Admin", "ada@example.test"), default)).Value;
        await SignInAsync(first);
        foreach (var role in new[] { PersonRole.Dispatcher, PersonRole.Responder, PersonRole.Viewer })
        {
            var draft = new PersonDraft($"{role} Person", $"{role}@example.test", role);
            await SignInAsync((await Get<CreatePerson>().RunAsync(draft, first, default)).Value);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Stranger.Dispose();
        foreach (var (_, client) in _people.Values) client.Dispose();
        await Hub.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public Person Person(PersonRole role) => _people[role].Person;

    public HttpClient As(PersonRole role) => _people[role].Client;

    public T Get<T>()
        where T : notnull => Hub.Services.GetRequiredService<T>();

    /// <summary>Stores entities as they are.</summary>
    public Task AddAsync(params object[] entities) =>
        Get<HubStore>().WriteAsync(
            db =>
            {
                db.AddRange(entities);
                return Task.CompletedTask;
            },
            default);

    private static string Unique(string what) => $"{what} {new RandomIds().NewMarker()}";

    /// <summary>A connection to the PSA in memory, as the API makes it, under an address of its own; answers its id.</summary>
    public async Task<Guid> ConnectAsync(string? name = null, string? url = null)
    {
        var made = await Admin.PostAsync("connections", new { kind = "fake-psa", name = name ?? Unique("PSA"), settings = new { url = url ?? $"https://{new RandomIds().NewMarker()}.example.test", apiKey = "k" } });
        return Guid.Parse(made.Body(HttpStatusCode.Created)["connection"]!["id"]!.GetValue<string>());
    }

    /// <summary>A connection that was installed and runs.</summary>
    public async Task<Guid> InstallAsync()
    {
        var id = await ConnectAsync();
        var run = (await Admin.PostAsync($"connections/{id}/install?wait=60", new { adopt = true })).Body(HttpStatusCode.OK);
        Assert.Equal("succeeded", run["state"]!.GetValue<string>());
        return id;
    }

    /// <summary>A program of the person of a role that may do no more than these scopes say.</summary>
    internal async Task<HttpClient> ClientAsync(PersonRole role, TokenScope scopes) => await ClientAsync(Person(role), scopes);

    private async Task SignInAsync(Person person) => _people[person.Role] = (person, await ClientAsync(person, TokenScope.All));

    private async Task<HttpClient> ClientAsync(Person person, TokenScope scopes) => Client((await Get<ApiTokens>().CreateAsync(person.Id, "tests", scopes, null, default)).Token);

    private HttpClient Client(string? token)
    {
        var client = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(Hub.Address, "/api/v1/") };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }
}

/// <summary>An answer that was read to its end.</summary>
public sealed record Answer(HttpStatusCode Status, string Text, HttpResponseHeaders Headers, string? ContentType)
{
    /// <summary>The JSON body; fails with the body when the status is another one.</summary>
    public JsonNode Body(HttpStatusCode expected = HttpStatusCode.OK)
    {
        Assert.True(Status == expected, $"{(int)Status} instead of {(int)expected}: {Text}");
        return JsonNode.Parse(Text)!;
    }

    /// <summary>The sentence of a problem document.</summary>
    public string Problem(HttpStatusCode expected)
    {
        var body = Body(expected);
        Assert.Equal("application/problem+json", ContentType);
        Assert.Equal((int)expected, body["status"]!.GetValue<int>());
        return body["detail"]!.GetValue<string>();
    }
}

/// <summary>Short ways to call the API.</summary>
internal static class Calls
{
    extension(HttpClient client)
    {
        public Task<Answer> ReadAsync(string path) => client.CallAsync(HttpMethod.Get, path);

        public Task<Answer> PostAsync(string path, object? body = null, string? key = null) => client.CallAsync(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body), key);

        public Task<Answer> PutAsync(string path, object body) => client.CallAsync(HttpMethod.Put, path, JsonContent.Create(body));

        public Task<Answer> RemoveAsync(string path) => client.CallAsync(HttpMethod.Delete, path);

        public async Task<Answer> CallAsync(HttpMethod method, string path, HttpContent? content = null, string? key = null, params (string Name, string Value)[] headers)
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            if (key is not null) request.Headers.Add("Idempotency-Key", key);
            foreach (var (name, value) in headers) request.Headers.Add(name, value);
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            return new Answer(
                answer.StatusCode,
                await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                answer.Headers,
                answer.Content.Headers.ContentType?.MediaType);
        }
    }
}
