using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Access;
using Deskbridge.Core.Directory;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Operations;

/// <summary>A hub started in a way of its own, with programs that have tokens for it.</summary>
internal sealed class HubWorld(Hub hub) : IAsyncDisposable
{
    private int _people;

    public Hub Hub { get; } = hub;

    public static async Task<HubWorld> StartAsync(DirectoryInfo folder, Action<IServiceCollection>? services = null, IReadOnlyDictionary<string, string?>? configuration = null) =>
        new(await Hub.StartAsync(new HubOptions { Data = folder.FullName, Port = 0, Services = services, Configuration = new Dictionary<string, string?>([Visitor.Believed, .. configuration ?? new Dictionary<string, string?>()]) }, default));

    public T Get<T>()
        where T : notnull => Hub.Services.GetRequiredService<T>();

    public Visitor Stranger() => new(Hub.Address, "10.0.0.1");

    /// <summary>A program that acts as a person of this role.</summary>
    public async Task<Visitor> ProgramAsync(PersonRole role, TokenScope scopes = TokenScope.All)
    {
        var email = $"{role}{Interlocked.Increment(ref _people)}@example.com";
        var system = new Person { Id = Guid.Empty, Name = "Test", Email = "test@example.com", EmailKey = "test@example.com", Role = PersonRole.Admin, CreatedAt = default };
        var made = await Get<CreatePerson>().RunAsync(new PersonDraft($"{role} {_people}", email, role), system, default);
        Assert.Null(made.Failure);
        var program = Stranger();
        program.UseToken((await Get<ApiTokens>().CreateAsync(made.Value.Id, "test", scopes, null, default)).Token);
        return program;
    }

    public ValueTask DisposeAsync() => Hub.DisposeAsync();
}

/// <summary>What programs read.</summary>
internal static class VisitorJson
{
    public static async Task<JsonNode> JsonAsync(this Visitor visitor, string path) => (await visitor.Http.GetFromJsonAsync<JsonNode>(path, TestContext.Current.CancellationToken))!;
}
