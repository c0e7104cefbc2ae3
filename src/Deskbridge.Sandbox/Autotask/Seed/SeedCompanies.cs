using System.Globalization;
using Deskbridge.Sandbox.Autotask.Records;

namespace Deskbridge.Sandbox.Autotask.Seed;

/// <summary>The provider itself (company 0) and its customers, with locations, contacts and devices: the same as in the other simulated PSA.</summary>
internal static class SeedCompanies
{
    private sealed record Client(long Id, string Domain, string Name, string Street, string City, string State, string Zip, string[] People, string[] Devices);

    private static readonly Client[] Clients =
    [
        new(0, "northbridge", "Northbridge Managed Services", "400 N Ashley Dr", "Tampa", "FL", "33602", ["Priya Morgan"], ["NB-DC-01", "NB-FW-01"]),
        new(175, "harbordental", "Harbor Dental Group", "18 Bayshore Blvd", "Tampa", "FL", "33606", ["Elena Castro", "Mark Feld"], ["HDG-SRV-01", "HDG-SRV-02", "HDG-FW-01", "HDG-WS-11"]),
        new(176, "cedarlegal", "Cedar & Pine Legal LLP", "77 Water St", "Tampa", "FL", "33602", ["Ruth Abrams", "Simon Ko"], ["CPL-FS-01", "CPL-WS-04"]),
        new(177, "brightpath", "BrightPath Charter Schools", "1200 E 7th Ave", "Tampa", "FL", "33605", ["Nadia Ibrahim", "Joel Park"], ["BPS-DC-01", "BPS-DC-02", "BPS-SW-09"]),
        new(178, "gulffreight", "Gulf Freight Logistics", "9 Port Rd", "Palmetto", "FL", "34221", ["Owen Tran", "Lisa Moss"], ["GFL-SQL-01", "GFL-FW-01", "GFL-WS-21"]),
        new(179, "oakridge", "Oak Ridge Manufacturing", "3300 Industrial Pkwy", "Columbus", "OH", "43204", ["Ben Hofer", "Carla Diaz"], ["ORM-ERP-01", "ORM-SW-01", "ORM-SW-02"]),
        new(180, "sunvalley", "Sun Valley Credit Union", "210 S High St", "Columbus", "OH", "43215", ["Amara Nwosu", "Peter Voss"], ["SVC-DC-01", "SVC-FW-01"]),
        new(181, "rivercity", "River City Veterinary", "56 Elm St", "Columbus", "OH", "43206", ["Tina Lowe"], ["RCV-SRV-01"]),
        new(182, "atlasarch", "Atlas Architects", "14 Front St", "Columbus", "OH", "43215", ["Georg Meyer", "Yuki Tanaka"], ["ATL-NAS-01", "ATL-WS-07"]),
        new(183, "meridiancare", "Meridian Home Care", "88 Orange Ave", "Orlando", "FL", "32801", ["Faith Osei"], ["MHC-SRV-01", "MHC-WS-02"]),
    ];

    public static void Add(Action<string, Record> put, DateTimeOffset start)
    {
        var contact = 29_683_580L;
        foreach (var client in Clients)
        {
            var location = 280 + client.Id;
            put("Companies", new Record
            {
                ["id"] = client.Id,
                ["companyName"] = client.Name,
                ["companyType"] = 1L,
                ["companyNumber"] = client.Domain,
                ["isActive"] = true,
                ["ownerResourceID"] = 29_682_885L,
                ["phone"] = Phone(client.Id),
                ["address1"] = client.Street,
                ["city"] = client.City,
                ["state"] = client.State,
                ["postalCode"] = client.Zip,
                ["countryID"] = 237L,
                ["webAddress"] = $"www.{client.Domain}.test",
                ["territoryID"] = client.State == "FL" ? 29_682_779L : 29_682_780L,
                ["createDate"] = start,
                ["createdByResourceID"] = 29_682_885L,
                ["lastActivityDate"] = start,
                ["lastTrackedModifiedDateTime"] = start,
                ["isClientPortalActive"] = false,
                ["isTaskFireActive"] = false,
                ["#29682850"] = client.Id is 175 or 180 ? "Golden" : "Silver",
            });
            put("CompanyLocations", new Record { ["id"] = location, ["companyID"] = client.Id, ["name"] = "Main", ["isActive"] = true, ["isPrimary"] = true, ["address1"] = client.Street, ["city"] = client.City, ["state"] = client.State, ["postalCode"] = client.Zip, ["countryID"] = 237L, ["phone"] = Phone(client.Id) });
            for (var i = 0; i < client.People.Length; i++) put("Contacts", Contact(client, location, contact++, i, start));
            foreach (var device in client.Devices) put("ConfigurationItems", Device(client, location, device, start));
        }
    }

    private static Record Contact(Client client, long location, long id, int number, DateTimeOffset start)
    {
        var (first, last) = client.People[number].Split(' ') is [var f, var l] ? (f, l) : (client.People[number], "");
        return new Record
        {
            ["id"] = id,
            ["companyID"] = client.Id,
            ["companyLocationID"] = location,
            ["firstName"] = first,
            ["lastName"] = last,
            ["title"] = number == 0 ? "Office Manager" : "Coordinator",
            ["isActive"] = 1L,
            ["primaryContact"] = number == 0,
            ["receivesEmailNotifications"] = true,
            ["emailAddress"] = $"{first}.{last}@{client.Domain}.test".ToLowerInvariant(),
            ["phone"] = Phone(id % 1000),
            ["createDate"] = start,
            ["lastModifiedDate"] = start,
            ["lastActivityDate"] = start,
        };
    }

    private static Record Device(Client client, long location, string name, DateTimeOffset start)
    {
        var kind = name.Split('-')[1] switch { "FW" => 3L, "SW" => 4L, "WS" => 2L, "NAS" => 5L, _ => 1L };
        return new Record
        {
            ["companyID"] = client.Id,
            ["companyLocationID"] = location,
            ["productID"] = 29_682_700L + kind,
            ["configurationItemType"] = kind,
            ["configurationItemCategoryID"] = 1L,
            ["isActive"] = true,
            ["referenceTitle"] = name,
            ["referenceNumber"] = name,
            ["serialNumber"] = $"SN-{client.Domain[..3].ToUpperInvariant()}-{name[^2..]}",
            ["rmmDeviceAuditHostname"] = name,
            ["rmmDeviceAuditIPAddress"] = string.Create(CultureInfo.InvariantCulture, $"10.{client.Id}.0.{10 + name[^1]}"),
            ["rmmDeviceAuditOperatingSystem"] = kind switch { 1 => "Windows Server 2022", 2 => "Windows 11 Pro", _ => "Firmware" },
            ["installDate"] = start,
            ["createDate"] = start,
            ["createdByPersonID"] = 29_682_885L,
            ["lastModifiedTime"] = start,
        };
    }

    private static string Phone(long number) => string.Create(CultureInfo.InvariantCulture, $"8135{number:000000}");
}
