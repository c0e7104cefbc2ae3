using System.Text;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Seed;

/// <summary>A few documents of tickets, companies and configurations, with their bytes.</summary>
internal sealed class SeedDocuments(Change change, DateTimeOffset now, string folder)
{
    private static readonly (string Type, int Record, string Title, string File, string Content)[] Papers =
    [
        ("Ticket", 10001, "Log of the failed job", "backup-srv-02.log", """
            22:00:04 Job "SRV-02 nightly" started
            22:41:17 Volume D: snapshot created
            22:58:50 ERROR 12: the repository has no space left
            22:58:51 Job "SRV-02 nightly" failed
            """),
        ("Ticket", 10004, "Trace to the provider", "traceroute.txt", """
            1  192.168.10.1  1 ms
            2  10.64.0.1     9 ms
            3  *             timed out
            """),
        ("Company", 250, "Network plan", "network-plan.txt", "Core switch in rack 1, firewall in rack 2, servers on VLAN 20, phones on VLAN 40."),
        ("Configuration", 501, "Build sheet", "build-sheet.txt", "Windows Server, 64 GB, RAID 10, joined to the domain; backup agent and monitoring installed."),
    ];

    /// <summary>Writes the files, then adds their records.</summary>
    public void Add()
    {
        Directory.CreateDirectory(folder);
        for (var i = 0; i < Papers.Length; i++)
        {
            var (type, record, title, file, content) = Papers[i];
            var at = now.AddHours(-1 - i);
            var guid = Guid.CreateVersion7(at).ToString();
            var bytes = Encoding.UTF8.GetBytes(content + "\n");
            File.WriteAllBytes(Path.Combine(folder, guid), bytes);
            change.Add("documents", new JsonObject
            {
                ["title"] = title,
                ["fileName"] = file,
                ["serverFileName"] = guid + Path.GetExtension(file),
                ["owner"] = "dreyes",
                ["linkFlag"] = false,
                ["imageFlag"] = false,
                ["publicFlag"] = true,
                ["htmlTemplateFlag"] = false,
                ["readOnlyFlag"] = false,
                ["size"] = bytes.Length,
                ["urlFlag"] = false,
                ["createdOnDate"] = Json.Stamp(at),
                ["documentType"] = new JsonObject { ["id"] = 1, ["name"] = "Other" },
                ["guid"] = guid,
                ["_info"] = Seeder.Stamps(at, "dreyes"),
                ["_recordType"] = type,
                ["_recordId"] = record,
                ["_contentType"] = "text/plain",
            });
        }
    }
}
