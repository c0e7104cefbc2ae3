using System.Collections.Concurrent;
using System.Globalization;

namespace Deskbridge.Connectors.Autotask;

/// <summary>Finds the role that a resource is assigned with: Autotask takes a primary resource only together with a role that the resource holds (reference 4.1, 4.7).</summary>
internal sealed class ResourceRoles(AutotaskClient client, TimeProvider clock)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    /// <summary>Hidden roles of the system's own, for approving time sheets and expenses.</summary>
    private static readonly long[] Hidden = [110, 112];

    private readonly ConcurrentDictionary<long, (long Role, DateTimeOffset At)> _known = new();

    /// <summary>The resource's role.</summary>
    /// <exception cref="ConnectorRejectedException">It holds none that can be used on tickets.</exception>
    public async Task<long> FindAsync(long resource, CancellationToken cancel)
    {
        if (_known.TryGetValue(resource, out var kept) && clock.GetUtcNow() - kept.At < KeptFor) return kept.Role;
        var held = (await client.ListAsync("ResourceRoles", OfResource(resource), AutotaskJson.Default.ResourceRoleDto, cancel))
            .Where(role => role is { RoleID: { } id, IsActive: not false } && !Hidden.Contains(id)).ToList();
        var role = await PreferredAsync(resource, held, cancel)
            ?? throw new ConnectorRejectedException(
                $"Resource {resource.ToString(CultureInfo.InvariantCulture)} holds no active service desk role, and Autotask assigns nobody without one. Give the resource a role under Admin > Resources/Users (HR) > the resource > Associations > Queues.",
                TicketFields.Owner);
        _known[resource] = (role, clock.GetUtcNow());
        return role;
    }

    private async Task<long?> PreferredAsync(long resource, List<ResourceRoleDto> held, CancellationToken cancel)
    {
        if (held.Count == 0) return null;
        if (await client.ItemAsync($"Resources/{resource.ToString(CultureInfo.InvariantCulture)}", cancel) is { } record
            && AutotaskClient.Read(record, AutotaskJson.Default.ResourceDto).DefaultServiceDeskRoleID is { } usual && held.Exists(role => role.RoleID == usual))
            return usual;
        var desk = await client.ListAsync("ResourceServiceDeskRoles", OfResource(resource), AutotaskJson.Default.ResourceRoleDto, cancel);
        return desk.Find(role => role.IsDefault == true && held.Exists(one => one.RoleID == role.RoleID))?.RoleID
            ?? (held.Find(role => role.QueueID is not null) ?? held[0]).RoleID;
    }

    private static AutotaskQuery OfResource(long resource) => new([AutotaskQuery.Where("eq", "resourceID", resource), AutotaskQuery.Where("eq", "isActive", true)]);
}
