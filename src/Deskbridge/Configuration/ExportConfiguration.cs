using System.Text;
using System.Text.Json;
using Deskbridge.Access;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Configuration;

/// <summary>
/// Writes the hub's configuration as a file: in a stable order and without a date, so that two exports of one hub are equal. Secrets are
/// never in it; where one is stored stands a reference to fill.
/// </summary>
internal sealed class ExportConfiguration(HubStore store, IDbContextFactory<AccessDb> contexts, ConnectorCatalog catalog, StoredSettings stored)
{
    private static readonly string[] Head =
    [
        "Configuration of a Deskbridge hub. 'deskbridge import FILE' makes a hub so; importing twice changes nothing.",
        "People are known by email, everything else by name. What is not in this file stays as it is in the hub.",
        "Secrets are not here: ${env:NAME} takes one from the environment, ${file:/path} from a file. In a hub that",
        "has the secret already, a reference without a value leaves it alone.",
    ];

    public async Task<string> RunAsync(CancellationToken cancel)
    {
        var present = await PresentConfiguration.ReadAsync(store, contexts, cancel);
        var yaml = new YamlWriter();
        foreach (var line in Head) yaml.Comment(0, line);
        yaml.Number(0, "version", ConfigurationFile.Version);
        Settings(yaml, present.Settings);
        People(yaml, present);
        Teams(yaml, present);
        Connections(yaml, present);
        return yaml.ToString();
    }

    private static void Settings(YamlWriter yaml, IReadOnlyDictionary<string, string> rows)
    {
        string Stored(string key) => rows.GetValueOrDefault(key, "");
        string[] known = [SettingKeys.PublicUrl, SettingKeys.SmtpServer, SettingKeys.SmtpFrom, SettingKeys.SmtpUser, SettingKeys.SmtpPassword, SettingKeys.HeartbeatUrl, SettingKeys.HeartbeatSeconds, SettingKeys.TwilioAccount, SettingKeys.TwilioToken, SettingKeys.TwilioFrom, SettingKeys.TwilioAddress];
        if (known.All(key => Stored(key).Length == 0)) return;
        yaml.Gap().Open(0, "settings")
            .Value(2, "publicUrl", Stored(SettingKeys.PublicUrl))
            .Value(2, "smtpServer", Stored(SettingKeys.SmtpServer))
            .Value(2, "smtpFrom", Stored(SettingKeys.SmtpFrom))
            .Value(2, "smtpUser", Stored(SettingKeys.SmtpUser));
        if (Stored(SettingKeys.SmtpPassword).Length > 0) yaml.Bare(2, "smtpPassword", Reference("smtp", "password"));
        if (Stored(SettingKeys.HeartbeatUrl).Length > 0) yaml.Bare(2, "heartbeatUrl", Reference("heartbeat", "url"));
        if (Stored(SettingKeys.HeartbeatSeconds) is { Length: > 0 } seconds) yaml.Bare(2, "heartbeatSeconds", seconds);
        yaml.Value(2, "twilioAccountSid", Stored(SettingKeys.TwilioAccount));
        if (Stored(SettingKeys.TwilioToken).Length > 0) yaml.Bare(2, "twilioAuthToken", Reference("twilio", "auth", "token"));
        yaml.Value(2, "twilioFrom", Stored(SettingKeys.TwilioFrom)).Value(2, "twilioAddress", Stored(SettingKeys.TwilioAddress));
    }

    private static void People(YamlWriter yaml, PresentConfiguration present)
    {
        if (present.People.Count == 0) return;
        yaml.Gap().Comment(0, "initialPassword is used once, for somebody who has no password yet; people change it on their profile.").Open(0, "people");
        foreach (var person in present.People)
        {
            yaml.Item(2, "email", person.Email).Value(4, "name", person.Name).Bare(4, "role", Word(person.Role)).Value(4, "timeZone", person.TimeZone);
            if (!person.Active) yaml.Bare(4, "active", "false");
            yaml.Comment(4, $"initialPassword: {Reference(person.EmailKey, "password")}");
            Channels(yaml, person, [.. present.Channels[person.Id]]);
        }
    }

    private static void Channels(YamlWriter yaml, Person person, List<Channel> channels)
    {
        if (channels.Count > 0) yaml.Open(4, "channels");
        foreach (var (index, channel) in channels.Index())
        {
            yaml.Item(6, "name", channel.Name).Bare(8, "kind", Word(channel.Kind));
            if (!ChatAddress.IsSecret(channel.Kind)) yaml.Value(8, "address", channel.Address);
            if (channel.Secret.Length > 0) yaml.Bare(8, "secret", Reference(person.EmailKey, channel.Name, "secret"));
            if (channel is { Enabled: false, AwaitsCode: false, StoppedAt: null }) yaml.Bare(8, "enabled", "false");
            if (channel.Position != index + 1) yaml.Number(8, "position", channel.Position);
        }
    }

    private static void Teams(YamlWriter yaml, PresentConfiguration present)
    {
        if (present.Teams.Count == 0) return;
        yaml.Gap().Comment(0, "members is the whole list. onDuty: [email, ...] puts people on duty once, in a team where nobody ever was.").Open(0, "teams");
        foreach (var team in present.Teams)
        {
            var members = present.People.Where(person => present.Members[team.Id].Contains(person.Id)).Select(person => person.Email);
            yaml.Item(2, "name", team.Name).Value(4, "description", team.Description)
                .Number(4, "repeatMinutes", team.RepeatMinutes).Number(4, "maxRepeats", team.MaxRepeats).List(4, "members", members);
            Escalation(yaml, present, team);
            Intake(yaml, present, team);
        }
    }

    private static void Intake(YamlWriter yaml, PresentConfiguration present, Team team)
    {
        if (present.Intakes.GetValueOrDefault(team.Id) is not { } intake) return;
        var fields = intake.CalloutFields;
        yaml.Open(4, "intake").Bare(6, "enabled", intake.Enabled ? "true" : "false").Bare(6, "secret", Reference(team.Name, "intake", "secret"));
        if (intake.MailgunKey.Length > 0) yaml.Bare(6, "mailgunKey", Reference(team.Name, "mailgun", "key"));
        yaml.Value(6, "titleField", fields.Title).Value(6, "customerField", fields.Customer).Value(6, "priorityField", fields.Priority);
        if (fields.Shown.Count > 0) yaml.List(6, "shownFields", fields.Shown);
    }

    private static void Escalation(YamlWriter yaml, PresentConfiguration present, Team team)
    {
        if (EscalationChain.Of(team) is not { } chain || ChainInFile.Of(chain, present) is not { Count: > 0 } steps) return;
        yaml.Open(4, "escalation");
        foreach (var step in steps)
        {
            yaml.Item(6, "pages", Word(step.Audience));
            if (step.WaitMinutes > 0) yaml.Number(8, "waitMinutes", step.WaitMinutes);
            if (step.People.Count > 0) yaml.List(8, "people", present.People.Where(person => step.People.Contains(person.Id)).Select(person => person.Email));
            yaml.Value(8, "team", present.Teams.FirstOrDefault(other => other.Id == step.TeamId)?.Name);
        }
    }

    private void Connections(YamlWriter yaml, PresentConfiguration present)
    {
        var rows = present.Connections.Where(connection => connection.State != ConnectionState.Removed).ToList();
        if (rows.Count == 0) return;
        yaml.Gap().Comment(0, "install: true tests and installs a connection that is not installed yet.").Open(0, "connections");
        foreach (var row in rows)
        {
            yaml.Item(2, "name", row.Name).Value(4, "kind", row.Kind).Value(4, "description", row.Description)
                .Value(4, "team", present.Teams.FirstOrDefault(team => team.Id == row.TeamId)?.Name)
                .Bare(4, "install", row.State == ConnectionState.Draft ? "false" : "true");
            Members(yaml, present, row);
            if (catalog.Find(row.Kind) is not { } type) continue;
            yaml.Open(4, "settings");
            var options = stored.ReadForChange(row, type);
            var unset = Activator.CreateInstance(type.OptionsType)!;
            foreach (var setting in SettingProperty.Of(type.OptionsType)) Setting(yaml, row, setting, setting.Read(options), setting.Read(unset));
        }
    }

    /// <summary>Members that an administrator chose; the rest is told by email.</summary>
    private static void Members(YamlWriter yaml, PresentConfiguration present, Connection row)
    {
        var chosen = (from choice in present.MemberChoices[row.Id]
                      join person in present.People on choice.PersonId equals person.Id
                      orderby person.EmailKey
                      select (person.Email, choice.MemberId, choice.MemberName)).ToList();
        if (chosen.Count > 0) yaml.Open(4, "members");
        foreach (var (email, member, name) in chosen) yaml.Item(6, "person", email).Value(8, "member", member).Value(8, "name", name);
    }

    private static void Setting(YamlWriter yaml, Connection row, SettingProperty setting, IReadOnlyList<string> values, IReadOnlyList<string> unset)
    {
        var key = JsonNamingPolicy.CamelCase.ConvertName(setting.Name);
        if (setting.Kind == SettingKind.Secret)
        {
            if (values.Count > 0 || setting.Setting.Required) yaml.Bare(6, key, Reference(row.Name, setting.Name));
        }
        else if (setting.Kind == SettingKind.Choices || (setting.Kind is SettingKind.BoardStatuses or SettingKind.EventReturns && values.Count + unset.Count > 0))
        {
            yaml.List(6, key, values);
        }
        else if (setting.Kind is SettingKind.Bool or SettingKind.Number)
        {
            yaml.Bare(6, key, values[0]);
        }
        else if (values.Count > 0)
        {
            yaml.Value(6, key, values[0]);
        }
        else if (unset.Count > 0)
        {
            yaml.Bare(6, key, "\"\""); // cleared on purpose: left out, it would be the default again
        }
    }

    private static string Word<T>(T name)
        where T : struct, Enum => name.ToString().ToLowerInvariant();

    /// <summary>A name of an environment variable that says what is to be filled in: DESKBRIDGE_NORTHBRIDGE_PSA_PRIVATEKEY.</summary>
    private static string Reference(params string[] parts)
    {
        var name = new StringBuilder("DESKBRIDGE");
        foreach (var part in parts)
        {
            name.Append('_');
            foreach (var c in part)
            {
                if (char.IsAsciiLetterOrDigit(c)) name.Append(char.ToUpperInvariant(c));
                else if (name[^1] != '_') name.Append('_');
            }
        }

        return $"${{env:{name}}}";
    }
}
