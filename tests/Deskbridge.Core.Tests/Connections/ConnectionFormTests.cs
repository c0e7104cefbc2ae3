using System.Text.Json.Nodes;
using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Core.Tests.Connections;

public sealed class ConnectionFormTests
{
    [Fact]
    public void Draw_StoredSecret_SaysThatItIsSetAndNothingElse()
    {
        var field = ConnectionForm.Draw(new FakePsaOptions { ApiKey = "s3cret-key" }).Single(f => f.Name == "ApiKey");

        Assert.True(field.IsSet);
        Assert.Empty(field.Values);
        Assert.Equal(6, field.Fingerprint!.Length);
        Assert.DoesNotContain("s3cret", ConnectionForm.ToJson(new FakePsaOptions { ApiKey = "s3cret-key" }).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_PostedForm_SetsEveryKindOfField()
    {
        var options = new FakePsaOptions { ApiKey = "kept", OverwriteOwner = true };
        var form = ConnectionsHub.Form(key: "");
        form["Flows"] = ["TicketCloses", "CloseUpdates"];
        form["Hours"] = ["24"];

        var problems = ConnectionForm.Apply(options, form);

        Assert.Empty(problems);
        Assert.Equal("kept", options.ApiKey);
        Assert.Equal(StatusFlows.TicketCloses | StatusFlows.CloseUpdates, options.Flows);
        Assert.Equal(24, options.Hours);
        Assert.False(options.OverwriteOwner);
    }

    [Theory]
    [InlineData("Hours", "soon", "'soon' is not a whole number")]
    [InlineData("OwnerAssignment", "Sometimes", "is not one of the choices")]
    [InlineData("EventReturns", "41 | Sometimes | 8", "is not of the form: event id | ReopenAlert or NewAlert or NewAlertLater or Ignore | hours")]
    [InlineData("EventReturns", "41 | NewAlertLater | 0", "is not of the form")]
    [InlineData("Colour", "red", "There is no setting 'Colour'")]
    [InlineData("Url", "", "Address must be filled in")]
    public void Apply_UnusableValue_NamesTheFieldAndTheFix(string name, string value, string expected)
    {
        var form = ConnectionsHub.Form();
        form[name] = [value];

        var problem = Assert.Single(ConnectionForm.Apply(new FakePsaOptions(), form));

        Assert.Equal(name, problem.Setting);
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_Json_ChangesOnlyWhatIsThere()
    {
        var options = new FakePsaOptions { Url = "https://a.example.test", ApiKey = "k", OverwriteOwner = true };

        var problems = ConnectionForm.Apply(options, (JsonObject)JsonNode.Parse("""{"hours": 48, "flows": ["TicketCloses"], "apiKey": null, "authority": {"x": 1}}""")!);

        Assert.Equal("authority", Assert.Single(problems).Setting);
        Assert.Equal((48, StatusFlows.TicketCloses, "k", true), (options.Hours, options.Flows, options.ApiKey, options.OverwriteOwner));
    }
}
