using Deskbridge.Access;
using Deskbridge.Core.Directory;
using Deskbridge.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Deskbridge.Tests;

/// <summary>A real hub on a free port in a folder of its own; one per test class. Its log is kept.</summary>
public sealed class HubHost : IAsyncLifetime
{
    public const string Password = "correct horse battery";
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-hub-");
    private readonly KeptLog _log = new();
    private int _visitors;

    public string Folder => _folder.FullName;

    /// <summary>Everything logged so far.</summary>
    public IReadOnlyCollection<string> Log => _log.Lines;

    public IServiceProvider Services => Hub.Services;

    internal Hub Hub { get; private set; } = null!;

    /// <summary>The hub runs on SQLite, whatever database the tests run on.</summary>
    internal bool OnSqlite { get; init; }

    internal TestDatabase Database { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await (OnSqlite ? TestDatabase.MigratedSqliteAsync(Folder) : TestDatabase.MigratedAsync(Folder));
        Hub = await StartAsync();
    }

    private Task<Hub> StartAsync() => Hub.StartAsync(
        new HubOptions { Data = Folder, Database = Database.Address, Port = 0, Configuration = new Dictionary<string, string?>([Tests.Visitor.Believed]), Services = services => services.AddQuickPasswords().AddLogging(log => log.AddProvider(_log)) }, default);

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await Database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Somebody at an address of their own, not signed in.</summary>
    public Visitor Visitor()
    {
        var number = Interlocked.Increment(ref _visitors);
        return new Visitor(Hub.Address, $"10.0.{number / 250}.{number % 250}");
    }

    /// <summary>A person with <see cref="Password"/>.</summary>
    internal async Task<Person> PersonAsync(PersonRole role)
    {
        await using var scope = Services.CreateAsyncScope();
        var system = new Person { Id = Guid.Empty, Name = "Test", Email = "test@example.com", EmailKey = "test@example.com", Role = PersonRole.Admin, CreatedAt = default };
        var draft = new PersonDraft($"{role} {Interlocked.Increment(ref _visitors)}", $"{role}{_visitors}@example.com", role);
        var made = await scope.ServiceProvider.GetRequiredService<CreatePerson>().RunAsync(draft, system, default);
        Assert.Null(made.Failure);
        Assert.Null(await scope.ServiceProvider.GetRequiredService<Accounts>().SetPasswordAsync(made.Value.Id, Password));
        return made.Value;
    }

    /// <summary>A visitor with this person's session.</summary>
    internal async Task<Visitor> SignedInAsync(Person person)
    {
        var visitor = Visitor();
        await visitor.SignInAsync(person.Email, Password);
        return visitor;
    }

    internal async Task<Visitor> SignedInAsync(PersonRole role) => await SignedInAsync(await PersonAsync(role));

    /// <summary>A program with a token of a new person.</summary>
    internal async Task<Visitor> ProgramAsync(PersonRole role)
    {
        var (_, token) = await Services.GetRequiredService<ApiTokens>().CreateAsync((await PersonAsync(role)).Id, "test", TokenScope.All, null, default);
        var visitor = Visitor();
        visitor.UseToken(token);
        return visitor;
    }
}
