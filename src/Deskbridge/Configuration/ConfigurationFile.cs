using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Directory;

namespace Deskbridge.Configuration;

/// <summary>What a configuration file asks for. A value that is null was not written and stays as it is.</summary>
internal sealed record ConfigurationFile(
    SettingsEntry? Settings, IReadOnlyList<PersonEntry> People, IReadOnlyList<TeamEntry> Teams, IReadOnlyList<ConnectionEntry> Connections)
{
    public const int Version = 1;

    /// <summary>Reads the shape; what the values mean is checked by the plan.</summary>
    public static ConfigurationFile Read(string text, References references, List<FileProblem> problems)
    {
        YamlNode root;
        try
        {
            root = YamlReader.Read(text);
        }
        catch (NotYamlException unreadable)
        {
            problems.Add(unreadable.Problem);
            return new ConfigurationFile(null, [], [], []);
        }

        if (root is YamlText { Text: "" }) root = new YamlMap([], 1);
        if (root is not YamlMap map)
        {
            problems.Add(new FileProblem(root.Line, "A configuration begins with names such as settings, people, teams and connections."));
            return new ConfigurationFile(null, [], [], []);
        }

        var file = new FileMap(map, "file", references, problems, inFile: true);
        if (file.Number("version") is { } version && version != Version)
            file.Tell("version", $"Version {version} of this file is not known here; this program reads version {Version}. Use the program that wrote it, or a newer one.");
        var read = new ConfigurationFile(
            file.Map("settings") is { } settings ? SettingsEntry.Read(settings) : null,
            [.. file.Maps("people").Select(PersonEntry.Read)],
            [.. file.Maps("teams").Select(TeamEntry.Read)],
            [.. file.Maps("connections").Select(ConnectionEntry.Read)]);
        file.EndHere();
        Twice(read.People, person => PersonRules.Key(person.Email), person => person.At, "email");
        Twice(read.Teams, team => team.Name, team => team.At, "name");
        Twice(read.Connections, connection => connection.Name, connection => connection.At, "name");
        foreach (var connection in read.Connections) Twice(connection.Members, member => PersonRules.Key(member.Person), member => member.At, "person");
        foreach (var person in read.People) Twice(person.Channels, channel => channel.Name, channel => channel.At, "name");
        return read;
    }

    private static void Twice<T>(IEnumerable<T> entries, Func<T, string> nameOf, Func<T, FileMap> at, string key)
    {
        foreach (var again in entries.GroupBy(nameOf, StringComparer.Ordinal).Where(group => group.Key.Length > 0).SelectMany(group => group.Skip(1)))
            at(again).Tell(key, $"'{nameOf(again)}' stands in this file twice. Keep one.");
    }
}

/// <summary>Settings of the whole hub.</summary>
internal sealed record SettingsEntry(FileMap At, string? PublicUrl, string? SmtpServer, string? SmtpFrom, string? SmtpUser, Written? SmtpPassword, Written? HeartbeatUrl, int? HeartbeatSeconds,
    string? TwilioAccountSid, Written? TwilioAuthToken, string? TwilioFrom, string? TwilioAddress)
{
    public static SettingsEntry Read(FileMap map)
    {
        var read = new SettingsEntry(
            map, map.Text("publicUrl"), map.Text("smtpServer"), map.Text("smtpFrom"), map.Text("smtpUser"), map.Raw("smtpPassword"),
            map.Raw("heartbeatUrl"), map.Number("heartbeatSeconds"),
            map.Text("twilioAccountSid"), map.Raw("twilioAuthToken"), map.Text("twilioFrom"), map.Text("twilioAddress"));
        map.EndHere();
        return read;
    }
}

/// <summary>A person; known by email.</summary>
internal sealed record PersonEntry(
    FileMap At, string Email, string? Name, PersonRole? Role, string? TimeZone, bool? Active, Written? InitialPassword, IReadOnlyList<ChannelEntry> Channels)
{
    public static PersonEntry Read(FileMap map)
    {
        var email = map.Required("email").Trim();
        map.Place = $"person {email}";
        var read = new PersonEntry(
            map, email, map.Text("name"), map.Choice<PersonRole>("role"), map.Text("timeZone"), map.Flag("active"), map.Raw("initialPassword"),
            [.. map.Maps("channels").Select((channel, index) => ChannelEntry.Read(channel, email, index))]);
        map.EndHere();
        return read;
    }
}

/// <summary>A way to reach a person; known by the person and its name.</summary>
internal sealed record ChannelEntry(FileMap At, string Name, ChannelKind? Kind, string? Address, Written? Secret, bool? Enabled, int Position)
{
    public static ChannelEntry Read(FileMap map, string email, int index)
    {
        var name = map.Required("name").Trim();
        map.Place = $"channel {name} of {email}";
        var read = new ChannelEntry(map, name, map.Choice<ChannelKind>("kind"), map.Text("address"), map.Raw("secret"), map.Flag("enabled"), map.Number("position") ?? index + 1);
        map.EndHere();
        return read;
    }
}

/// <summary>A team; known by name.</summary>
internal sealed record TeamEntry(
    FileMap At, string Name, string? Description, int? RepeatMinutes, int? MaxRepeats, IReadOnlyList<Written>? Members, IReadOnlyList<Written> OnDuty, IReadOnlyList<StepEntry>? Escalation,
    IntakeEntry? Intake)
{
    public static TeamEntry Read(FileMap map)
    {
        var name = map.Required("name").Trim();
        map.Place = $"team {name}";
        var read = new TeamEntry(
            map, name, map.Text("description"), map.Number("repeatMinutes"), map.Number("maxRepeats"), map.Texts("members"), map.Texts("onDuty") ?? [],
            map.Keys.Contains("escalation", StringComparer.Ordinal) ? [.. map.Maps("escalation").Select((step, index) => StepEntry.Read(step, name, index))] : null,
            map.Map("intake") is { } intake ? IntakeEntry.Read(intake) : null);
        map.EndHere();
        return read;
    }
}

/// <summary>A team's addresses for mails and callouts; <c>Secret</c> stands in them. The names of fields say what is what in a callout.</summary>
internal sealed record IntakeEntry(
    FileMap At, bool? Enabled, Written? Secret, Written? MailgunKey, string? TitleField, string? CustomerField, string? PriorityField, IReadOnlyList<Written>? ShownFields)
{
    public static IntakeEntry Read(FileMap map)
    {
        var read = new IntakeEntry(
            map, map.Flag("enabled"), map.Raw("secret"), map.Raw("mailgunKey"), map.Text("titleField"), map.Text("customerField"), map.Text("priorityField"), map.Texts("shownFields"));
        map.EndHere();
        return read;
    }
}

/// <summary>A step of a team's escalation. <c>Pages</c> says whom; people by email, the other team by name.</summary>
internal sealed record StepEntry(FileMap At, int WaitMinutes, StepAudience? Pages, IReadOnlyList<Written> People, string? Team)
{
    public static StepEntry Read(FileMap map, string team, int index)
    {
        map.Place = $"team {team}, escalation step {index + 1}";
        var read = new StepEntry(map, map.Number("waitMinutes") ?? 0, map.Choice<StepAudience>("pages"), map.Texts("people") ?? [], map.Text("team"));
        if (read.Pages is null && !map.Keys.Contains("pages", StringComparer.Ordinal)) map.Tell(null, "pages is missing. It says whom the step pages: duty, everybody, people or team.");
        map.EndHere();
        return read;
    }
}

/// <summary>A connection; known by name. <c>Members</c> are the members that an administrator chose for people.</summary>
internal sealed record ConnectionEntry(FileMap At, string Name, string Kind, string? Description, string? Team, bool Install, FileMap? Settings, IReadOnlyList<MemberEntry> Members)
{
    public static ConnectionEntry Read(FileMap map)
    {
        var name = map.Required("name").Trim();
        map.Place = $"connection {name}";
        var read = new ConnectionEntry(
            map, name, map.Required("kind"), map.Text("description"), map.Text("team"), map.Flag("install") ?? false, map.Map("settings"), [.. map.Maps("members").Select(member => MemberEntry.Read(member, name))]);
        map.EndHere();
        return read;
    }
}

/// <summary>Which member of the remote system a person is: the number counts, its name is for people.</summary>
internal sealed record MemberEntry(FileMap At, string Person, string Member, string? Name)
{
    public static MemberEntry Read(FileMap map, string connection)
    {
        map.Place = $"connection {connection}, members";
        var read = new MemberEntry(map, map.Required("person").Trim(), map.Required("member").Trim(), map.Text("name")?.Trim());
        map.EndHere();
        return read;
    }
}
