using Deskbridge.Sandbox.Autotask.Records;
using Deskbridge.Sandbox.Autotask.Schema;

namespace Deskbridge.Sandbox.Autotask.Rules;

/// <summary>What the field table asks of every record: required fields, lengths, picklist values, references.</summary>
internal sealed class FieldChecks(AutotaskSettings settings)
{
    // Inactive ones are refused even where the write leaves them as they were (reference 9, quirk 10).
    private static readonly string[] MustBeActive = ["Contacts", "Resources"];

    public void Check(Change change, Entity entity, Record after, Record? before, List<string> errors)
    {
        errors.AddRange(entity.Fields.Where(f => f.Required && f.Name != "id" && IsMissing(f, after)).Select(f => $"Missing Required Field: {f.Name}"));
        foreach (var field in entity.Fields.Where(f => after[f.Name] is not null && (!f.ReadOnly || f.Required)))
        {
            var value = after[field.Name]!;
            var same = before is not null && Equals(before[field.Name], value);
            if (!same && field.Limit is { } limit && value is string text && text.Length > limit) errors.Add($"{field.Name} must be less than or equal to {limit} characters");
            if (!same && field.Picklist) CheckPick(change, entity, field, after, errors);
            if (field.Target is { } target && Entities.Find(target) is { } to) CheckReference(change, field, to, (long)value, same, errors);
        }
    }

    // Whether required texts may be empty is not documented; an empty title is treated as none.
    private static bool IsMissing(Field field, Record record) => record[field.Name] is null or "";

    private static void CheckPick(Change change, Entity entity, Field field, Record record, List<string> errors)
    {
        var value = Values.Text(record[field.Name]);
        var values = Picklists.Of(change.All("Picklists"), change.All("UserDefinedFieldDefinitions"), entity, field.Name);
        var picked = values.FirstOrDefault(v => v.Value == value && v.Active);
        if (picked is null) errors.Add($"Picklist value [{value}] does not exist for {field.Name}.");
        else if (field.PicklistParent is { } parent && picked.Parent.Length > 0 && picked.Parent != Values.Text(record[parent]))
            errors.Add($"Value does not exist for child picklist: {field.Name}");
    }

    private void CheckReference(Change change, Field field, Entity to, long id, bool same, List<string> errors)
    {
        var found = change.Find(to.Name, id);
        var inactive = found is not null && found["isActive"] is not null && !found.Flag("isActive");
        if (same && !(inactive && MustBeActive.Contains(to.Name, StringComparer.Ordinal))) return;
        if (found is null || inactive || !IsVisible(to)) errors.Add($"Reference value on field: {field.Name} of type: {to.Singular} does not exist or is invalid.");
    }

    private bool IsVisible(Entity to) => settings.Current.On(to.Name).Query > 0;
}
