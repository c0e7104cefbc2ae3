using Deskbridge.Sandbox.Autotask.Records;
using Deskbridge.Sandbox.Autotask.Rules;
using Deskbridge.Sandbox.Autotask.Schema;

namespace Deskbridge.Sandbox.Autotask.Seed;

/// <summary>Fills an empty Autotask with a believable provider, with dates in the past.</summary>
internal static class Seeder
{
    public static void Fill(Writer writer)
    {
        writer.Store.Commit(new Actor(SeedPeople.Dispatcher), SetUp, quiet: true);
        writer.Store.Commit(new Actor(SeedPeople.Dispatcher), change => new SeedTickets(writer, change).Add(), quiet: true);
    }

    private static int SetUp(Change change)
    {
        var start = change.Now.AddDays(-400);
        void Put(string entity, Record record) => change.Add(Entities.Of(entity), record);
        foreach (var row in SeedPicklists.Rows()) Put(Entities.Picklists.Name, row);
        Definition(Put, 29_682_850, "CustomerRanking", "Companies", Udfs.Text, start);
        Definition(Put, 29_682_852, "Change Window", "Tickets", Udfs.Text, start);
        Definition(Put, 29_682_853, "RMM Alert Id", "Tickets", Udfs.Text, start);
        Definition(Put, 29_682_854, "Root Cause", "Tickets", Udfs.List, start);
        Definition(Put, 29_682_855, "Downtime Minutes", "Tickets", Udfs.Number, start);
        Definition(Put, 29_682_856, "Newsletter", "Contacts", Udfs.Text, start);
        Definition(Put, 29_682_857, "Rack", "ConfigurationItems", Udfs.Text, start);
        SeedPeople.Add(Put, start);
        foreach (var (id, name) in ((long, string)[])[(3, "Standard"), (2, "Service Request"), (4, "Alert"), (5, "Change")])
            Put("TicketCategories", new Record { ["id"] = id, ["name"] = name, ["isActive"] = true, ["isGlobalDefault"] = id == 3, ["displayColorRGB"] = 1L, ["isApiOnly"] = false });
        Put("TicketCategoryFieldDefaults", new Record { ["ticketCategoryID"] = 3L, ["priority"] = 2L, ["status"] = 1L, ["queueID"] = 29_682_833L });
        foreach (var (id, name) in ((long, string)[])[(1, "Server"), (2, "Workstation"), (3, "Firewall"), (4, "Switch"), (5, "Storage")])
            Put("ConfigurationItemTypes", new Record { ["id"] = id, ["name"] = name, ["isActive"] = true });
        Put("ConfigurationItemCategories", new Record { ["id"] = 1L, ["name"] = "Standard", ["isActive"] = true, ["isGlobalDefault"] = true, ["displayColorRGB"] = 1L });
        foreach (var (id, name, use) in ((long, string, long)[])[(29_682_801, "Remote Support", 1), (29_682_802, "Onsite Support", 1), (29_682_803, "Internal Meeting", 3)])
            Put("BillingCodes", new Record { ["id"] = id, ["name"] = name, ["useType"] = use, ["billingCodeType"] = 0L, ["isActive"] = true, ["unitCost"] = 0m, ["unitPrice"] = 150m, ["markupRate"] = 0m });
        SeedCompanies.Add(Put, start);
        return 0;
    }

    private static void Definition(Action<string, Record> put, long id, string name, string entity, long type, DateTimeOffset start) => put("UserDefinedFieldDefinitions", new Record
    {
        ["id"] = id,
        ["name"] = name,
        ["dataType"] = type,
        ["udfType"] = Udfs.TypeOf(entity),
        ["isActive"] = true,
        ["isRequired"] = false,
        ["createDate"] = start,
    });
}
