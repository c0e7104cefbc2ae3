using System.CommandLine;
using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Cli;

/// <summary><c>deskbridge token</c>: makes an API token for a person, straight in the data folder; a running hub honours it at once.</summary>
internal static class TokenCommand
{
    public static Command Create()
    {
        var data = CommonOptions.Data("./data");
        var database = CommonOptions.Database();
        var email = new Argument<string>("email") { Description = "Email of the person the token shall act as" };
        var name = new Option<string>("--name") { Description = "What uses the token", HelpName = "NAME", DefaultValueFactory = _ => "command line" };
        var scopes = new Option<string>("--scopes")
        {
            Description = $"What it may be used for: {string.Join(", ", Scopes.Words(TokenScope.All))}, or all; several with commas",
            HelpName = "LIST",
            DefaultValueFactory = _ => "read",
        };
        var days = new Option<int?>("--days") { Description = "How many days it works; without it for ever", HelpName = "N" };
        var command = new Command("token", "Make an API token for a person and print it") { email, data, database, name, scopes, days };
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetRequiredValue(data), parsed.GetValue(database), parsed.GetRequiredValue(email),
            new TokenBody(parsed.GetRequiredValue(name), parsed.GetRequiredValue(scopes).Split(',', ' '), parsed.GetValue(days)), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string data, string? typed, string email, TokenBody wanted, CancellationToken cancel)
    {
        var wish = wanted.Read();
        if (wish.Failure is { } refused)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return ExitCodes.Usage;
        }

        var database = DatabaseTrouble.Read(typed, DataFolder.At(data));
        if (database.File is { } file && !File.Exists(file))
        {
            throw new StartRefusedException($"There is no hub database {file}. Name the hub's folder with --data, or start one with 'deskbridge serve'.");
        }

        await DatabaseTrouble.CheckAsync(database, cancel);
        var folder = DataFolder.Open(data);
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddHubData(database)
            .AddAccess(folder, database)
            .BuildServiceProvider();
        await services.RefuseNewerAsync(cancel);
        var key = email.Trim().ToLowerInvariant();
        var person = await services.GetRequiredService<HubStore>().ReadAsync(db => db.People.SingleOrDefaultAsync(p => p.EmailKey == key, cancel), cancel);
        if (person is not { Active: true })
        {
            await Console.Error.WriteLineAsync(person is null
                ? $"Nobody in this hub has the email '{email}'. The page People lists everybody."
                : $"{person.Name} is deactivated; activate them on the page People first.");
            return ExitCodes.Failed;
        }

        var (_, token) = await services.GetRequiredService<ApiTokens>().CreateAsync(person.Id, wish.Value.Name, wish.Value.Scopes, wish.Value.Lasts, cancel);
        Console.WriteLine(token);
        return ExitCodes.Done;
    }
}
