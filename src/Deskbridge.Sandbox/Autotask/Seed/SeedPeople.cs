using System.Globalization;
using Deskbridge.Sandbox.Autotask.Records;
using Deskbridge.Sandbox.Autotask.Rules;

namespace Deskbridge.Sandbox.Autotask.Seed;

/// <summary>The provider's people with their roles, queues and departments.</summary>
internal static class SeedPeople
{
    public const long Dispatcher = 29_682_890;

    /// <summary>Those who take tickets.</summary>
    public static readonly long[] Engineers = [29_682_886, 29_682_887, 29_682_888, 29_682_889];

    /// <summary>The role that a ticket is assigned with.</summary>
    public const long EngineerRole = 29_682_834;

    private static readonly (long Id, string User, string First, string Last, string Title, long Role, bool Active)[] People =
    [
        (29_682_885, "pmorgan", "Priya", "Morgan", "Service Manager", 29_682_835, true), (29_682_886, "dreyes", "Dana", "Reyes", "Senior Engineer", EngineerRole, true),
        (29_682_887, "tokafor", "Tobias", "Okafor", "Engineer", EngineerRole, true), (29_682_888, "mlind", "Maja", "Lind", "Engineer", EngineerRole, true),
        (29_682_889, "jchen", "Jun", "Chen", "Network Engineer", EngineerRole, true), (Dispatcher, "sburke", "Siobhan", "Burke", "Dispatcher", 29_682_836, true),
        (29_682_891, "hgrant", "Harold", "Grant", "Engineer", EngineerRole, false),
    ];

    private static readonly long[] Queues = [29_682_833, 29_682_969, 29_683_378];

    public static void Add(Action<string, Record> put, DateTimeOffset start)
    {
        put("Departments", new Record { ["id"] = 29_682_800L, ["name"] = "Service Desk", ["description"] = "All who work on tickets", ["primaryLocationID"] = 10L });
        foreach (var (id, name) in ((long, string)[])[(EngineerRole, "Engineer"), (29_682_835, "Service Manager"), (29_682_836, "Dispatcher"), (29_682_837, "Old role"), (110, "Time Sheet Approval"), (112, "Expense Approval")])
            put("Roles", new Record { ["id"] = id, ["name"] = name, ["isActive"] = id != 29_682_837, ["hourlyFactor"] = 1m, ["hourlyRate"] = 150m, ["roleType"] = 0L, ["isSystemRole"] = id < 200 });
        put("Resources", Person(4, "autotask.administrator", "Autotask", "Administrator", "System", "Employee", 1, start));
        put("Resources", Person(ApiUser.Resource, AutotaskCredentials.ApiUserName, "Deskbridge", "Integration", "API user", ApiUser.ResourceType, 7, start));
        foreach (var one in People)
        {
            var person = Person(one.Id, one.User, one.First, one.Last, one.Title, "Employee", 1, start);
            (person["isActive"], person["defaultServiceDeskRoleID"]) = (one.Active, one.Role);
            put("Resources", person);
            put("ResourceServiceDeskRoles", new Record { ["resourceID"] = one.Id, ["roleID"] = one.Role, ["isActive"] = true, ["isDefault"] = true });
            put("ResourceRoleDepartments", new Record { ["resourceID"] = one.Id, ["roleID"] = one.Role, ["departmentID"] = 29_682_800L, ["isActive"] = true, ["isDefault"] = true, ["isDepartmentLead"] = one.Title == "Service Manager" });
            put("ResourceRoles", new Record { ["resourceID"] = one.Id, ["roleID"] = one.Role, ["departmentID"] = 29_682_800L, ["isActive"] = one.Active });
            foreach (var queue in Queues)
            {
                put("ResourceRoleQueues", new Record { ["resourceID"] = one.Id, ["queueID"] = queue });
                put("ResourceRoles", new Record { ["resourceID"] = one.Id, ["roleID"] = one.Role, ["queueID"] = queue, ["isActive"] = one.Active });
            }
        }

        put("ResourceRoles", new Record { ["resourceID"] = 29_682_885L, ["roleID"] = 110L, ["departmentID"] = 29_682_800L, ["isActive"] = true });
    }

    private static Record Person(long id, string user, string first, string last, string title, string kind, long license, DateTimeOffset start) => new()
    {
        ["id"] = id,
        ["userName"] = user,
        ["firstName"] = first,
        ["lastName"] = last,
        ["title"] = title,
        ["email"] = user.Contains('@', StringComparison.Ordinal) ? user : $"{first}.{last}@northbridge-msp.test".ToLowerInvariant(),
        ["emailTypeCode"] = "PRIMARY",
        ["officePhone"] = string.Create(CultureInfo.InvariantCulture, $"813555{id % 10_000:0000}"),
        ["isActive"] = true,
        ["hireDate"] = Values.Milliseconds(start.AddYears(-4)),
        ["licenseType"] = license,
        ["locationID"] = 10L,
        ["resourceType"] = kind,
        ["userType"] = kind == ApiUser.ResourceType ? 3L : 1L,
        ["numberFormat"] = "X,XXX.XX",
        ["dateFormat"] = "MM/dd/yyyy",
        ["timeFormat"] = "hh:mm a",
        ["payrollType"] = 1L,
    };
}
