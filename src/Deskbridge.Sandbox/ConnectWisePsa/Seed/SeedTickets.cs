using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Rules;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Seed;

/// <summary>Tickets of the last months, open and closed, and more of them on demand.</summary>
internal sealed class SeedTickets(Psa psa, Change change, DateTimeOffset now)
{
    private static readonly (string Summary, int Type, int Priority)[] Stories =
    [
        ("Backup job failed on SRV-02 with code 12", 8, 2), ("Outlook keeps asking for the password", 8, 4), ("New starter on Monday: account and laptop", 9, 4),
        ("Internet down at main office", 8, 1), ("Printer on 2nd floor offline", 8, 4), ("Shared mailbox access for accounting", 9, 4),
        ("Server room temperature alarm", 8, 1), ("VPN drops every ten minutes", 8, 2), ("Renew certificate of the customer portal", 10, 3),
        ("File server slow since yesterday", 8, 4), ("MFA reset for a lost phone", 9, 2), ("Disk C: on SQL server below 5 %", 8, 2),
        ("Scan to mail stopped working", 8, 4), ("Replace UPS batteries", 10, 3), ("Suspicious mail reported by several users", 8, 1),
        ("Quarterly patch window", 10, 3), ("Teams calls without sound", 8, 4), ("Restore a folder deleted last week", 9, 2),
        ("Badge reader does not sync", 8, 4), ("Switch port flapping in rack 2", 8, 2), ("Line-of-business application does not start", 8, 2),
        ("Offboarding: disable account today", 9, 2), ("Website shows a certificate warning", 8, 1), ("Slow Wi-Fi in the conference room", 8, 4),
        ("Monitor order for reception", 9, 3), ("RAID degraded on NAS", 8, 1), ("Update the phone greeting", 9, 3),
        ("Time clock software cannot reach the server", 8, 4), ("Antivirus reports a blocked threat", 8, 2), ("Move three desks and phones", 9, 3),
    ];

    // The sub types of the first board, in their order, by words of the summary; the last takes the rest.
    private static readonly string[][] Areas = [["backup", "restore", "RAID"], ["mail", "Outlook", "phishing"], ["VPN", "Wi-Fi", "certificate"]];

    private static readonly int[] OpenStatuses = [16, 20, 18, 21, 22, 20, 16];
    private static readonly int[] Owners = [176, 179, 180, 183];

    /// <summary>The thirty tickets of a fresh sandbox.</summary>
    public void Add()
    {
        for (var i = 0; i < Stories.Length; i++) AddOne(i);
    }

    /// <summary>Adds so many open tickets, as if they had come in just now.</summary>
    public IReadOnlyList<int> AddMore(int count)
    {
        var companies = change.All("companies").Select(c => Json.Int(c["id"])!.Value).ToList();
        var ids = new List<int>(count);
        for (var i = 0; i < count; i++)
        {
            var (summary, _, priority) = Stories[i % Stories.Length];
            ids.Add(psa.Create(change, Catalogue.Of("tickets"), new JsonObject
            {
                ["summary"] = $"{summary} ({i + 1})",
                ["board"] = Json.Ref(1),
                ["company"] = Json.Ref(companies[i % companies.Count]),
                ["priority"] = Json.Ref(priority),
            }, null));
        }

        return ids;
    }

    private static int SubType(string summary) =>
        Array.FindIndex(Areas, words => words.Any(word => summary.Contains(word, StringComparison.OrdinalIgnoreCase))) is >= 0 and var area ? area + 1 : 4;

    private void AddOne(int i)
    {
        var (summary, type, priority) = Stories[i];
        var closed = i % 5 is 1 or 3;
        var entered = now.AddHours(closed ? -200 - (i * 41) : -1.5 - (i * 7));
        var onNetwork = summary.Contains("Switch", StringComparison.Ordinal) || summary.Contains("Internet", StringComparison.Ordinal);
        var status = onNetwork ? (closed ? 35 : 31) : closed ? 24 : OpenStatuses[i % OpenStatuses.Length];
        var company = 250 + (i % 9);
        var input = new JsonObject
        {
            ["summary"] = summary,
            ["board"] = Json.Ref(onNetwork ? 2 : 1),
            ["status"] = Json.Ref(status),
            ["company"] = Json.Ref(company),
            ["type"] = onNetwork ? Json.Ref(14) : Json.Ref(type),
            ["subType"] = Json.Ref(onNetwork ? 11 : SubType(summary)),
            ["item"] = Json.Ref(onNetwork ? 11 : type == 8 ? 2 : 1),
            ["priority"] = Json.Ref(priority),
            ["initialDescription"] = $"{summary}. Reported by phone; please look into it.",
        };
        if (change.All("contacts").FirstOrDefault(c => Json.Int(Json.Child(c["company"], "id")) == company) is { } contact) input["contact"] = Json.Ref(Json.Int(contact["id"])!.Value);
        if (status is not (16 or 31)) input["owner"] = Json.Ref(Owners[i % Owners.Length]);
        var id = psa.Create(change, Catalogue.Of("tickets"), input, null);
        Date(id, entered, closed);
        if (i % 4 == 0) Follow(id, entered);
    }

    // A seeded ticket was entered long ago; its dates are set after the rules have run.
    private void Date(int id, DateTimeOffset entered, bool closed)
    {
        var touched = closed ? entered.AddHours(20) : entered.AddMinutes(35);
        var ticket = Json.Copy(change.Find("tickets", id)!);
        foreach (var name in (string[])["dateResponded", "dateResplan"])
        {
            if (ticket.ContainsKey(name)) ticket[name] = Json.Stamp(entered.AddMinutes(20));
        }

        foreach (var name in (string[])["dateResolved", "closedDate"])
        {
            if (ticket.ContainsKey(name)) ticket[name] = Json.Stamp(touched);
        }

        TicketSla.Backdate(ticket, entered);
        TicketSla.Promise(change, ticket);
        ticket["_info"] = Stamps(entered, touched);
        change.Put("tickets", id, ticket);
        foreach (var note in change.All("notes").Where(n => Json.Int(n["ticketId"]) == id).ToList())
        {
            var copy = Json.Copy(note);
            copy["dateCreated"] = Json.Stamp(entered);
            copy["_info"] = Stamps(entered, entered);
            change.Put("notes", Json.Int(note["id"])!.Value, copy);
        }
    }

    private void Follow(int id, DateTimeOffset entered)
    {
        change.Add("notes", new JsonObject
        {
            ["ticketId"] = id,
            ["text"] = "Called back, left a message.",
            ["detailDescriptionFlag"] = false,
            ["internalAnalysisFlag"] = true,
            ["resolutionFlag"] = false,
            ["issueFlag"] = false,
            ["internalFlag"] = true,
            ["externalFlag"] = false,
            ["member"] = Json.Ref(176),
            ["dateCreated"] = Json.Stamp(entered.AddMinutes(30)),
            ["createdBy"] = "dreyes",
            ["_info"] = Stamps(entered.AddMinutes(30), entered.AddMinutes(30)),
        });
        change.Add("tasks", new JsonObject
        {
            ["ticketId"] = id,
            ["notes"] = "Ask the client for a maintenance window",
            ["closedFlag"] = false,
            ["priority"] = 1,
            ["_info"] = Stamps(entered.AddMinutes(31), entered.AddMinutes(31)),
        });
    }

    private static JsonObject Stamps(DateTimeOffset entered, DateTimeOffset updated) => new()
    {
        ["dateEntered"] = Json.Stamp(entered),
        ["enteredBy"] = "sburke",
        ["lastUpdated"] = Json.Stamp(updated),
        ["updatedBy"] = "sburke",
    };
}
