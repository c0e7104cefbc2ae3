using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa.Contract;

/// <summary>The sandbox against the facts about the vendor's API: what it claims exists there, is called, and has the vendor's shape.</summary>
public sealed class ContractTests(PsaSandbox psa) : IClassFixture<PsaSandbox>
{
    [Fact]
    public async Task EveryOperation_IsOneOfTheVendors_AndAnswersInItsShape()
    {
        var claimed = await ClaimedAsync();
        var served = claimed.Where(VendorContract.Operations.ContainsKey).ToList();
        var walk = new ContractWalk(psa, served);

        await walk.RunAsync();

        Assert.Empty(claimed.Except(VendorContract.Operations.Keys, StringComparer.Ordinal));
        Assert.Empty(VendorContract.Operations.Keys.Except(claimed, StringComparer.Ordinal));
        Assert.True(walk.Faults.Count == 0, string.Join('\n', walk.Faults));
        Assert.True(!NeverShown(walk.Shown).Any(), "Never shown:\n" + string.Join('\n', NeverShown(walk.Shown)));
        Assert.True(!walk.Left.Any(), "Not called:\n" + string.Join('\n', walk.Left));
    }

    [Fact]
    public void EveryTable_HasTheVendorsMembers()
    {
        Assert.Empty(Catalogue.All.SelectMany(Differences));
    }

    [Fact]
    public void EveryLightForm_NamesTheVendorsMembers()
    {
        Assert.Empty(Catalogue.All.Where(r => r.Info is not null).SelectMany(LeftOut));
    }

    // Values that nothing in the sandbox sets, and why.
    private static readonly string[] NeverSet =
    [
        "ValidatePortalResponse.contactId", // no contact has a password for the portal, so every guess is wrong
        "TimeEntryAudit.oldValue", "TimeEntryAudit.newValue", // the log tells which members changed, not from what to what
        "ServiceNote.sentimentScore", // the vendor's own service reads it out of the text
    ];

    // Every member is shown at least once. Light forms and the caller's own records show what their tables have.
    private static IEnumerable<string> NeverShown(IReadOnlyDictionary<string, HashSet<string>> shown) =>
        from pair in shown
        where VendorContract.Models.ContainsKey(pair.Key) && pair.Value.Count > 0 && !pair.Key.EndsWith("Info", StringComparison.Ordinal) && pair.Key is not ("MyMember" or "MyAccount")
        from member in VendorContract.Models[pair.Key].Keys
        where !pair.Value.Contains(member) && !VendorContract.IsOnlySent(pair.Key, member) && !NeverSet.Contains($"{pair.Key}.{member}", StringComparer.Ordinal)
        select $"{pair.Key}.{member}";

    private static IEnumerable<string> LeftOut(Resource resource)
    {
        var name = $"{char.ToUpperInvariant(resource.ModelName[0])}{resource.ModelName[1..]}Info";
        var named = resource.Info!.Split(' ').Select(n => n.Split('=')[0]).ToHashSet(StringComparer.Ordinal);
        return VendorContract.Models.TryGetValue(name, out var members) ? members.Keys.Where(m => m is not "id" and not "_info" && !named.Contains(m)).Select(m => $"{name}.{m}") : [];
    }

    private async Task<List<string>> ClaimedAsync() =>
        [.. ((JsonArray)await psa.ControlAsync(HttpMethod.Get, "/operations")).Select(o => ((string)o!).Split(' ')).Select(o => VendorContract.Key(o[0], o[1])).Distinct(StringComparer.Ordinal)];

    private static IEnumerable<string> Differences(Resource resource)
    {
        if (!VendorContract.Models.TryGetValue(char.ToUpperInvariant(resource.ModelName[0]) + resource.ModelName[1..], out var members)) return [];
        return members.Where(m => m.Key != "_info").Select(m => Difference(resource.Model.Exact(m.Key), m.Value) is { } fault ? $"{resource.Table}.{m.Key}: {fault}" : null)
            .Concat(resource.Model.Members.Where(m => !members.ContainsKey(m.Name)).Select(m => $"{resource.Table}.{m.Name}: the vendor has no such member"))
            .OfType<string>();
    }

    private static string? Difference(Member? ours, (string Type, bool Required) vendors)
    {
        if (ours is null) return "missing";
        var type = vendors.Type;
        if (vendors.Required && !ours.Required && ours.Name != "id") return "is required";
        if (ours.Kind is MemberKind.Any or MemberKind.Custom) return null;
        if (ours.Many != type.EndsWith("[]", StringComparison.Ordinal)) return $"is {type}";
        type = type.Split('(', '[')[0];
        var same = ours.Kind switch
        {
            MemberKind.Text => type == "str",
            MemberKind.Integer => type == "int",
            MemberKind.Number => type is "num" or "any",
            MemberKind.Flag => type == "bool",
            MemberKind.Instant => type == "time",
            MemberKind.Choice => type == $"{{{string.Join('|', ours.Choices)}}}",
            _ => char.IsUpper(type[0]) || type == "any",
        };
        return !same ? $"is {vendors.Type}" : vendors.Type.Contains('(', StringComparison.Ordinal) && $"str({ours.Limit})" != vendors.Type ? $"is {vendors.Type}" : null;
    }
}
