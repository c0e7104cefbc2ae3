using System.CommandLine;
using Deskbridge.Access;
using Deskbridge.Access.Links;
using Deskbridge.Access.SecondFactor;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Cli;

/// <summary>
/// <c>deskbridge invite</c>: prints a one-time link by which a person chooses a password. The way in when no mail can be sent, and when the
/// last administrator has lost password or phone: whoever may write the data folder may do this.
/// </summary>
internal static class InviteCommand
{
    public static Command Create()
    {
        var data = CommonOptions.Data("./data");
        var database = CommonOptions.Database();
        var email = new Argument<string>("email") { Description = "Email of the person" };
        var name = new Option<string?>("--name") { Description = "Adds the person under this name when nobody has the email", HelpName = "NAME" };
        var role = new Option<PersonRole>("--role") { Description = "Role of a person who is added", DefaultValueFactory = _ => PersonRole.Responder };
        var forget = new Option<bool>("--forget-second-factor") { Description = "Take the person's second factor away too, for a lost phone" };
        var command = new Command("invite", "Print a one-time link by which a person chooses a password") { email, data, database, name, role, forget };
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetRequiredValue(data), parsed.GetValue(database), parsed.GetRequiredValue(email), parsed.GetValue(name), parsed.GetValue(role), parsed.GetValue(forget), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string data, string? database, string email, string? name, PersonRole role, bool forget, CancellationToken cancel)
    {
        await using var session = await DataSession.OpenAsync(data, database, "invite", cancel);
        await using var scope = session.Services.CreateAsyncScope();
        var found = await PersonAsync(scope.ServiceProvider, email, name, role, cancel);
        if (found.Failure is { } refused)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return ExitCodes.Failed;
        }

        var person = found.Value;
        if (forget && await scope.ServiceProvider.GetRequiredService<SecondFactors>().RemoveAsync(person.Id, cancel))
            await Console.Error.WriteLineAsync($"The second factor of {person.Name} is taken away.");
        var purpose = await scope.ServiceProvider.GetRequiredService<Accounts>().HasPasswordAsync(person.Id) ? LinkPurpose.Reset : LinkPurpose.Invitation;
        var (link, secret) = await scope.ServiceProvider.GetRequiredService<OneTimeLinks>().MakeAsync(person.Id, purpose, cancel);
        await Console.Error.WriteLineAsync($"{person.Name} chooses a password here, once, until {link.ExpiresAt:u}:");
        Console.WriteLine(new Uri(new Uri(await OriginAsync(session, cancel)), $"/password/{secret}"));
        return ExitCodes.Done;
    }

    private static async Task<Result<Person>> PersonAsync(IServiceProvider services, string email, string? name, PersonRole role, CancellationToken cancel)
    {
        if (await services.GetRequiredService<PersonQueries>().FindAsync(email, cancel) is { } known)
            return known.Active ? known : new NotUsable($"{known.Name} is deactivated; activate them on the page People first.");
        if (name is null) return new NotUsable($"Nobody in this hub has the email '{email}'. Add --name \"Their Name\" (and --role) to add them, or look at the page People.");
        var owner = new Person { Id = Guid.Empty, Name = "The command line", Email = "", EmailKey = "", Role = PersonRole.Admin, CreatedAt = default };
        return await services.GetRequiredService<CreatePerson>().RunAsync(new PersonDraft(name, email, role), owner, cancel);
    }

    /// <summary>The public address; without one, where the hub that runs on the folder listens, or the usual place.</summary>
    private static async Task<string> OriginAsync(DataSession session, CancellationToken cancel)
    {
        var known = await session.Services.GetRequiredService<HubStore>().ReadAsync(
            db => db.Settings.Where(s => s.Key == SettingKeys.PublicUrl).Select(s => s.Value).SingleOrDefaultAsync(cancel), cancel);
        return string.IsNullOrEmpty(known) ? (session.BesideHub ? InstanceLease.AddressOf(session.Folder) : null) ?? "http://127.0.0.1:5080" : known;
    }

    private sealed record NotUsable(string Why) : Failure(Why);
}
