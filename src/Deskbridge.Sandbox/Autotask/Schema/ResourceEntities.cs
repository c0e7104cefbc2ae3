namespace Deskbridge.Sandbox.Autotask.Schema;

/// <summary>Resources (the people of the service provider), their roles, queues and departments.</summary>
internal static class ResourceEntities
{
    public static readonly IReadOnlyList<Entity> All =
    [
        new("Resources", "Resource", "U", """
            accountingReferenceID str(100); dateFormat! str(20) ^; defaultServiceDeskRoleID~ long @Roles; email* str(254); email2 str(254); email3 str(254)
            emailTypeCode* str(20) ^; emailTypeCode2 str(20) ^; emailTypeCode3 str(20) ^; firstName* str(50); gender str(1) ^; greeting int ^; hireDate*! time
            homePhone str(25); initials str(32); internalCost! num; isActive* bool; lastName* str(50); licenseType*! int ^; locationID*! int ^; middleName str(50)
            mobilePhone str(25); numberFormat* str(20) ^; officeExtension str(10); officePhone str(25); payrollIdentifier str; payrollType* int ^
            resourceType* str(15) ^; suffix int ^; surveyResourceRating! num; timeFormat! str(20) ^; title str(50); travelAvailabilityPct str(15) ^
            userName* str(32); userType*! int ^
            """),
        new("Roles", "Role", "CU", """
            description str(200); hourlyFactor* num; hourlyRate* num; isActive* bool; isExcludedFromNewContracts bool; isSystemRole! bool; name* str(200)
            quoteItemDefaultTaxCategoryId int @TaxCategories; roleType! int
            """),
        new("ResourceRoles", "ResourceRole", "", """
            departmentID! long @Departments; isActive! bool; queueID! long ^; resourceID*! long @Resources; roleID*! long @Roles
            """) { Parent = new("Resources", "resourceID", "Roles") },
        new("ResourceServiceDeskRoles", "ResourceServiceDeskRole", "CU", """
            isActive bool; isDefault bool; resourceID*! int @Resources; roleID* int @Roles
            """) { Parent = new("Resources", "resourceID", "ServiceDeskRoles"), WritesUnderParent = true },
        new("ResourceRoleQueues", "ResourceRoleQueue", "CU", """
            queueID* int ^; resourceID*! int @Resources
            """) { Parent = new("Resources", "resourceID", "RoleQueues"), WritesUnderParent = true },
        new("ResourceRoleDepartments", "ResourceRoleDepartment", "CU", """
            departmentID* int @Departments; isActive* bool; isDefault* bool; isDepartmentLead* bool; resourceID*! int @Resources; roleID* int @Roles
            """) { Parent = new("Resources", "resourceID", "RoleDepartments"), WritesUnderParent = true },
        new("Departments", "Department", "CU", """
            description str(1000); name* str(100); number str(50); primaryLocationID* int @InternalLocationWithBusinessHours
            """),
    ];
}
