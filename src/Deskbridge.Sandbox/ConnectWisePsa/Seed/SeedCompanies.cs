using System.Globalization;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Seed;

/// <summary>The MSP's own company and its clients, with sites, contacts and devices.</summary>
internal static class SeedCompanies
{
    private sealed record Client(int Id, string Identifier, string Name, string Street, string City, string State, string Zip, string[] People, string[] Devices);

    private static readonly Client[] Clients =
    [
        new(2, "Northbridge", "Northbridge Managed Services", "400 N Ashley Dr", "Tampa", "FL", "33602", ["Priya Morgan"], ["NB-DC-01", "NB-FW-01"]),
        new(250, "HarborDental", "Harbor Dental Group", "18 Bayshore Blvd", "Tampa", "FL", "33606", ["Elena Castro", "Mark Feld"], ["HDG-SRV-01", "HDG-SRV-02", "HDG-FW-01", "HDG-WS-11"]),
        new(251, "CedarLegal", "Cedar & Pine Legal LLP", "77 Water St", "Tampa", "FL", "33602", ["Ruth Abrams", "Simon Ko"], ["CPL-FS-01", "CPL-WS-04"]),
        new(252, "BrightPath", "BrightPath Charter Schools", "1200 E 7th Ave", "Tampa", "FL", "33605", ["Nadia Ibrahim", "Joel Park"], ["BPS-DC-01", "BPS-DC-02", "BPS-SW-09"]),
        new(253, "GulfFreight", "Gulf Freight Logistics", "9 Port Rd", "Palmetto", "FL", "34221", ["Owen Tran", "Lisa Moss"], ["GFL-SQL-01", "GFL-FW-01", "GFL-WS-21"]),
        new(254, "OakRidge", "Oak Ridge Manufacturing", "3300 Industrial Pkwy", "Columbus", "OH", "43204", ["Ben Hofer", "Carla Diaz"], ["ORM-ERP-01", "ORM-SW-01", "ORM-SW-02"]),
        new(255, "SunValley", "Sun Valley Credit Union", "210 S High St", "Columbus", "OH", "43215", ["Amara Nwosu", "Peter Voss"], ["SVC-DC-01", "SVC-FW-01"]),
        new(256, "RiverCity", "River City Veterinary", "56 Elm St", "Columbus", "OH", "43206", ["Tina Lowe"], ["RCV-SRV-01"]),
        new(257, "AtlasArch", "Atlas Architects", "14 Front St", "Columbus", "OH", "43215", ["Georg Meyer", "Yuki Tanaka"], ["ATL-NAS-01", "ATL-WS-07"]),
        new(258, "MeridianCare", "Meridian Home Care", "88 Orange Ave", "Orlando", "FL", "32801", ["Faith Osei"], ["MHC-SRV-01", "MHC-WS-02"]),
    ];

    public static void Add(Func<string, JsonObject, int> put)
    {
        var contact = 58001;
        foreach (var client in Clients)
        {
            var site = 1000 + client.Id;
            put("companies", Company(client, site, contact));
            put("sites", Site(client, site));
            for (var i = 0; i < client.People.Length; i++) put("contacts", Contact(client, site, contact++, i));
            foreach (var device in client.Devices) put("configurations", Device(client, site, device));
        }
    }

    private static JsonObject Company(Client client, int site, int contact) => new()
    {
        ["id"] = client.Id,
        ["identifier"] = client.Identifier,
        ["name"] = client.Name,
        ["status"] = Json.Ref(1),
        ["addressLine1"] = client.Street,
        ["city"] = client.City,
        ["state"] = client.State,
        ["zip"] = client.Zip,
        ["country"] = Json.Ref(1),
        ["phoneNumber"] = Phone(client.Id),
        ["website"] = $"www.{client.Identifier.ToLowerInvariant()}.test",
        ["territory"] = Json.Ref(client.State == "FL" ? 2 : 3),
        ["defaultContact"] = Json.Ref(contact),
        ["types"] = new JsonArray(Json.Ref(1)),
        ["site"] = Json.Ref(site),
        ["timeZoneSetup"] = Json.Ref(1),
        ["integratorTags"] = new JsonArray(),
    };

    private static JsonObject Site(Client client, int site) => new()
    {
        ["id"] = site,
        ["name"] = "Main",
        ["company"] = Json.Ref(client.Id),
        ["addressLine1"] = client.Street,
        ["city"] = client.City,
        ["stateReference"] = new JsonObject { ["id"] = client.State == "FL" ? 10 : 36, ["identifier"] = client.State, ["name"] = client.State == "FL" ? "Florida" : "Ohio" },
        ["zip"] = client.Zip,
        ["country"] = Json.Ref(1),
        ["phoneNumber"] = Phone(client.Id),
        ["primaryAddressFlag"] = true,
    };

    private static JsonObject Contact(Client client, int site, int id, int number)
    {
        var (first, last) = client.People[number].Split(' ') is [var f, var l] ? (f, l) : (client.People[number], "");
        var domain = $"@{client.Identifier.ToLowerInvariant()}.test";
        return new JsonObject
        {
            ["id"] = id,
            ["firstName"] = first,
            ["lastName"] = last,
            ["company"] = Json.Ref(client.Id),
            ["site"] = Json.Ref(site),
            ["title"] = number == 0 ? "Office Manager" : "Coordinator",
            ["defaultFlag"] = number == 0,
            ["disablePortalLoginFlag"] = true,
            ["portalSecurityLevel"] = 1,
            ["defaultPhoneType"] = "Direct",
            ["defaultPhoneNbr"] = Phone(id),
            ["types"] = new JsonArray(),
            ["communicationItems"] = new JsonArray(
                Item(id, 1, 13, "Email", "Email", $"{first}.{last}{domain}".ToLowerInvariant(), domain),
                Item(id, 2, 2, "Direct", "Phone", Phone(id), null)),
        };
    }

    private static JsonObject Item(int contact, int number, int type, string typeName, string kind, string value, string? domain)
    {
        var item = new JsonObject
        {
            ["id"] = (contact * 2) - 20000 + number,
            ["type"] = new JsonObject { ["id"] = type, ["name"] = typeName },
            ["value"] = value,
            ["defaultFlag"] = true,
            ["communicationType"] = kind,
        };
        if (domain is not null) item["domain"] = domain;
        else item["extension"] = string.Create(CultureInfo.InvariantCulture, $"{100 + (contact % 100)}");
        return item;
    }

    private static JsonObject Device(Client client, int site, string name)
    {
        var type = name.Contains("-FW-", StringComparison.Ordinal) ? 19 : name.Contains("-SW-", StringComparison.Ordinal) ? 20 : name.Contains("-WS-", StringComparison.Ordinal) ? 18 : 17;
        return new JsonObject
        {
            ["name"] = name,
            ["type"] = Json.Ref(type),
            ["status"] = Json.Ref(1),
            ["company"] = Json.Ref(client.Id),
            ["site"] = Json.Ref(site),
            ["deviceIdentifier"] = name,
            ["serialNumber"] = $"SN-{client.Id}-{name[^2..]}",
            ["osType"] = type switch { 17 => "Windows Server 2022", 18 => "Windows 11 Pro", _ => "Firmware" },
            ["ipAddress"] = string.Create(CultureInfo.InvariantCulture, $"10.{client.Id % 250}.0.{10 + name[^1]}"),
            ["activeFlag"] = true,
            ["questions"] = type == 17 ? new JsonArray(new JsonObject { ["answerId"] = 1, ["questionId"] = 12, ["question"] = "Role", ["answer"] = "General", ["sequenceNumber"] = 1, ["fieldType"] = "Text", ["requiredFlag"] = false }) : new JsonArray(),
        };
    }

    private static string Phone(int number) => string.Create(CultureInfo.InvariantCulture, $"8135{number:000000}");
}
