using System.Text.Json.Nodes;
using Deskbridge.Sandbox.Autotask.Records;
using Deskbridge.Sandbox.Autotask.Rules;
using Deskbridge.Sandbox.Autotask.Schema;

namespace Deskbridge.Sandbox.Autotask.Seed;

/// <summary>Tickets of the last weeks, open and complete, and more of them on demand.</summary>
internal sealed class SeedTickets(Writer writer, Change change)
{
    private static readonly (string Title, int Issue, int SubIssue, int Priority)[] Stories =
    [
        ("Backup job failed on SRV-02 with code 12", 12, 150, 1), ("Outlook keeps asking for the password", 13, 160, 2), ("New starter on Monday: account and laptop", 13, 162, 3),
        ("Internet down at main office", 11, 140, 4), ("Printer on 2nd floor offline", 10, 136, 3), ("Shared mailbox access for accounting", 13, 160, 3),
        ("Server room temperature alarm", 12, 152, 4), ("VPN drops every ten minutes", 11, 141, 1), ("Renew certificate of the customer portal", 14, 171, 2),
        ("File server slow since yesterday", 12, 151, 2), ("MFA reset for a lost phone", 13, 162, 1), ("Disk C: on SQL server below 5 %", 12, 151, 1),
        ("Scan to mail stopped working", 10, 138, 3), ("Replace UPS batteries", 12, 152, 2), ("Suspicious mail reported by several users", 14, 171, 4),
        ("Teams calls without sound", 13, 161, 2), ("Restore a folder deleted last week", 12, 150, 1), ("Switch port flapping in rack 2", 11, 140, 1),
        ("Offboarding: disable account today", 13, 162, 1), ("Website shows a certificate warning", 14, 171, 4), ("Slow Wi-Fi in the conference room", 11, 142, 3),
        ("RAID degraded on NAS", 12, 152, 4), ("Time clock software cannot reach the server", 13, 161, 2), ("Antivirus reports a blocked threat", 14, 170, 1),
    ];

    private static readonly long[] OpenStatuses = [1, 8, 7, 10, 12, 8, 1];
    private static readonly long[] Queues = [29_682_833, 29_682_969, 8];

    private static Entity Tickets => Entities.Of("Tickets");

    /// <summary>The tickets of a fresh sandbox.</summary>
    public int Add()
    {
        for (var i = 0; i < Stories.Length; i++) AddOne(i);
        return Stories.Length;
    }

    /// <summary>Adds so many open tickets, as if they had come in just now.</summary>
    public IReadOnlyList<long> AddMore(int count)
    {
        var companies = change.All("Companies").Select(c => c.Id).ToList();
        return [.. Enumerable.Range(0, count).Select(i => writer.Create(change, Tickets, Body(i, companies[i % companies.Count], $"{Stories[i % Stories.Length].Title} ({i + 1})", 1), null))];
    }

    private void AddOne(int i)
    {
        var complete = i % 5 is 1 or 3;
        var entered = Values.Milliseconds(change.Now.AddHours(complete ? -200 - (i * 41) : -1.5 - (i * 7)));
        var company = 175L + (i % 9);
        var body = Body(i, company, Stories[i].Title, complete ? TicketRules.Done : OpenStatuses[i % OpenStatuses.Length]);
        if (change.All("Contacts").FirstOrDefault(c => c.Long("companyID") == company) is { } contact) body["contactID"] = contact.Id;
        if (change.All("ConfigurationItems").FirstOrDefault(c => c.Long("companyID") == company) is { } device && i % 3 == 0) body["configurationItemID"] = device.Id;
        if ((long)body["status"]! != TicketRules.New) (body["assignedResourceID"], body["assignedResourceRoleID"]) = (SeedPeople.Engineers[i % 4], SeedPeople.EngineerRole);
        var id = writer.Create(change, Tickets, body, null);
        var ticket = change.Find("Tickets", id)!.Copy();
        foreach (var name in ticket.Names.Where(n => ticket[n] is DateTimeOffset && n != "dueDateTime").ToList()) ticket[name] = entered;
        if (complete) ticket["completedDate"] = ticket["resolvedDateTime"] = ticket["lastActivityDate"] = ticket["lastTrackedModificationDateTime"] = entered.AddHours(20);
        ticket["dueDateTime"] = entered.AddHours(24);
        ticket["ticketNumber"] = $"T{entered:yyyyMMdd}.{i + 1:0000}";
        change.Put(Tickets, ticket);
        if (i % 4 == 0) Note(id, entered.AddMinutes(30), SeedPeople.Engineers[i % 4]);
    }

    private void Note(long ticket, DateTimeOffset at, long by) => change.Add(Entities.Of("TicketNotes"), new Record
    {
        ["ticketID"] = ticket,
        ["title"] = "Called back",
        ["description"] = "Called back, left a message.",
        ["noteType"] = 3L,
        ["publish"] = 2L,
        ["creatorResourceID"] = by,
        ["createDateTime"] = at,
        ["lastActivityDate"] = at,
    });

    private static JsonObject Body(int i, long company, string title, long status)
    {
        var (_, issue, subIssue, priority) = Stories[i % Stories.Length];
        return new JsonObject
        {
            ["companyID"] = company,
            ["title"] = title,
            ["description"] = $"{title}. Reported by phone; please look into it.",
            ["status"] = status,
            ["priority"] = priority,
            ["queueID"] = Queues[i % Queues.Length],
            ["source"] = i % 3 == 2 ? 8 : 2,
            ["ticketType"] = i % 3 == 2 ? 5 : 1,
            ["ticketCategory"] = 3,
            ["issueType"] = issue,
            ["subIssueType"] = subIssue,
        };
    }
}
