namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>The three marker fields on the service ticket (S15 to S17).</summary>
internal sealed class PsaFieldSetup(PsaClient client, ConnectWisePsaOptions options, IReadOnlyDictionary<string, string> installed)
{
    private const string Path = "system/userDefinedFields";
    private const string Kind = "Custom field";
    private const string EntryField = "EntryField";

    private readonly Spec[] _specs =
    [
        new(TicketFields.MarkerRetrieved, options.RetrievedField, "Checkbox", "Hidden checkbox on service tickets: the ticket was taken over."),
        new(TicketFields.MarkerStatus, options.StatusField, "Text", "Hidden text on service tickets: the alert's state."),
        new(TicketFields.MarkerUser, options.UserField, "Text", "Hidden text on service tickets: email of the person who acted last."),
    ];

    public async Task<IReadOnlyList<ProvisionStep>> PlanAsync(List<string> problems, CancellationToken cancel)
    {
        var all = await client.ListAsync(Path, PsaJson.Default.FieldDto, cancel);
        var pod = TicketPod(all);
        var steps = new List<ProvisionStep>();
        foreach (var spec in _specs)
        {
            var existing = Find(all, spec, pod);
            if (existing is not null && !spec.Type.Equals(existing.FieldTypeIdentifier, StringComparison.OrdinalIgnoreCase))
            {
                problems.Add($"The custom field {spec.Caption} exists as {existing.FieldTypeIdentifier}, but must be {spec.Type}. Choose another name in the settings, or delete the field under Setup Tables > General > Custom Fields.");
            }

            steps.Add(new(spec.Role, Kind, spec.Caption, spec.Description, existing is null ? null : PsaMap.Number(existing.Id)));
        }

        if (pod is null && steps.Exists(step => step.ExistingId is null))
        {
            problems.Add(NoPod);
        }

        return steps;
    }

    public async Task<ProvisionedObject> ApplyAsync(ProvisionStep step, CancellationToken cancel)
    {
        var spec = Array.Find(_specs, spec => spec.Role == step.Role) ?? throw new ArgumentException($"{step.Role} is no custom field.", nameof(step));
        var all = await client.ListAsync(Path, PsaJson.Default.FieldDto, cancel);
        var pod = TicketPod(all);
        if (Find(all, spec, pod) is { } existing)
        {
            return PsaProvisioning.Found(step, PsaMap.Number(existing.Id), Fingerprint(existing), Fingerprint(Wanted(spec, pod, existing.SequenceNumber ?? 1)));
        }

        var place = all.Where(field => field.PodId == pod).Select(field => field.SequenceNumber ?? 0).DefaultIfEmpty().Max() + 1;
        var wanted = Wanted(spec, pod ?? throw new ConnectorRejectedException(NoPod), Math.Min(place, 500));
        var stored = PsaClient.Read(await client.PostAsync(Path, wanted, PsaJson.Default.FieldDto, cancel), PsaJson.Default.FieldDto);
        return new(step.Role, step.Kind, step.Name, PsaMap.Number(stored.Id), Created: true, Fingerprint(stored));
    }

    public async Task<RemovalOutcome> RemoveAsync(ProvisionedObject created, CancellationToken cancel)
    {
        var path = $"{Path}/{PsaMap.Number(created.RemoteId)}";
        var field = await client.GetAsync(path, PsaJson.Default.FieldDto, cancel);
        if (Fingerprint(field) != created.Fingerprint)
        {
            return new(false, $"Custom field {created.Name} was changed since it was created, so it is kept.");
        }

        await client.DeleteAsync(path, cancel);
        return new(true, $"Custom field {created.Name} was removed together with its values.");
    }

    private const string NoPod =
        "ConnectWise only tells which screen area holds ticket fields when at least one exists. Create any custom field on the Service Ticket screen under Setup Tables > General > Custom Fields, then run Install again; it may be deleted afterwards.";

    /// <summary>
    /// The screen area of service tickets. Its number is not published, so it is taken from a field that stands there already
    /// (reference 6.1). Everything that depends on this guess is in this one function.
    /// </summary>
    internal static int? TicketPod(IReadOnlyList<FieldDto> all) =>
        (all.FirstOrDefault(field => field.PodId is not null && "sr100".Equals(field.ScreenId, StringComparison.OrdinalIgnoreCase))
            ?? all.Where(field => field.PodId is not null && field.PodDescription is { } pod
                    && pod.Contains("ticket", StringComparison.OrdinalIgnoreCase) && !pod.Contains("project", StringComparison.OrdinalIgnoreCase))
                .MinBy(field => field.PodId))?.PodId;

    private FieldDto? Find(IReadOnlyList<FieldDto> all, Spec spec, int? pod) =>
        all.FirstOrDefault(field => field.Id is not null && PsaMap.Number(field.Id) == installed.GetValueOrDefault(spec.Role))
            ?? all.FirstOrDefault(field => field.Id is not null && field.PodId == pod && spec.Caption.Equals(field.Caption, StringComparison.OrdinalIgnoreCase));

    private static FieldDto Wanted(Spec spec, int? pod, int place) => new()
    {
        PodId = pod,
        Caption = spec.Caption,
        SequenceNumber = place,
        HelpText = "Used by Deskbridge. Please do not change.",
        FieldTypeIdentifier = spec.Type,
        EntryTypeIdentifier = EntryField,
        RequiredFlag = false,
        DisplayOnScreenFlag = false,
        ReadOnlyFlag = false,
        ListViewFlag = false,
        AddAllLocations = true,
        AddAllBusinessUnits = true,
    };

    private static string Fingerprint(FieldDto field) => PsaProvisioning.Fingerprint(
        field.Caption, field.FieldTypeIdentifier, field.EntryTypeIdentifier, field.PodId, field.RequiredFlag == true, field.ReadOnlyFlag == true);

    private sealed record Spec(string Role, string Caption, string Type, string Description);
}
