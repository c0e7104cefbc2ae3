using System.Text.Json;
using Deskbridge.Connectors.Autotask.Filters;
using Xunit;

namespace Deskbridge.Connectors.Tests.Autotask;

/// <summary>The Query Filter as an editor shows it: groups, labels, and what is wrong at which condition (T10).</summary>
public sealed class FilterReadingTests
{
    private static readonly FilterVocabulary Vocabulary = new(Samples.Schema);

    [Fact]
    public void Fields_AreOfferedByLabel_WithTheOperatorsThatTheirKindAllows()
    {
        string Ways(string label) => string.Join(", ", Vocabulary.Fields.Single(field => field.Name == label).Patterns.Select(pattern => pattern.Name));

        Assert.Equal(["Status", "Priority", "Queue", "Company", "Title", "Created", "Is visible to comanaged"], Vocabulary.Fields.Where(field => field.Key is not "id" && !field.Key.StartsWith("user", StringComparison.Ordinal)).Select(field => field.Name));
        Assert.Equal("is, is not, is one of, is none of, is filled, is empty", Ways("Priority"));
        Assert.Equal("is, is not, is one of, is none of, is filled, is empty", Ways("Company"));
        Assert.Equal("contains, begins with, ends with, is, is not, is one of, is none of, is filled, is empty", Ways("Title"));
        Assert.Equal("after, at or after, before, at or before, is filled, is empty", Ways("Created"));
        Assert.Equal("is true, is false, is filled, is empty", Ways("Is visible to comanaged"));
        Assert.Equal("contains, begins with, ends with, is, is not, is one of, is none of, is filled, is empty", Ways("Ranking (user-defined)"));
        Assert.DoesNotContain(Vocabulary.Fields, field => field.Key == "lastActivityPersonType"); // Autotask lets nobody ask for it
    }

    /// <summary>Every condition can be put together again from the field, the operator and the value that the tree names.</summary>
    [Theory]
    [InlineData("""{"op":"eq","field":"priority","value":"Critical"}""")]
    [InlineData("""[{"op":"in","field":"queueID","value":["Support",8]},{"op":"notExist","field":"companyID"}]""")]
    [InlineData("""{"op":"or","items":[{"op":"eq","field":"companyID","value":174},{"op":"and","items":[{"op":"contains","field":"title","value":"a \"b\" ä"},{"op":"lt","field":"createDate","value":"2026-11-20T08:15:00"}]}]}""")]
    [InlineData("""[{"op":"eq","field":"isVisibleToComanaged","value":false},{"op":"in","field":"Ranking","udf":true,"value":["Golden","Silver"]}]""")]
    [InlineData("""[{"op":"exist","field":"Rack","udf":true},{"op":"noteq","field":"Status","value":5}]""")]
    public void Tree_OfAFilter_SaysItAgainInApiValues(string written)
    {
        var reading = Read(written);

        Assert.Empty(reading.Problems);
        Assert.Equal(reading.Condition, Read(Print(reading.Tree!)).Condition);
        Assert.All(Clauses(reading.Tree!), clause => Assert.NotNull(clause.Field));
    }

    [Theory]
    [InlineData("""{"op":"eq","field":"colour","value":1}""", null, "Tickets have no field \"colour\".")]
    [InlineData("""{"op":"like","field":"title","value":"x"}""", null, "Autotask has no operator \"like\"")]
    [InlineData("""{"op":"eq","field":"priority","value":""}""", "priority", "priority: choose a value.")]
    [InlineData("""{"op":"eq","field":"priority","value":99}""", "priority", "priority has no value 99.")]
    [InlineData("""{"op":"contains","field":"title","value":""}""", "title", "title: enter a value.")]
    [InlineData("""{"op":"in","field":"queueID","value":[]}""", "queueID", "queueID: choose a value.")]
    [InlineData("\"half a con\"", null, "A condition is an object")]
    public void Clause_ThatCannotBeUsed_IsMarkedAndTheOthersStay(string wrong, string? field, string says)
    {
        var reading = Read($$"""{"op":"and","items":[{"op":"eq","field":"status","value":"New"},{"op":"or","items":[{{wrong}},{"op":"exist","field":"queueID"}]}]}""");

        Assert.Contains(reading.Problems, problem => problem.StartsWith(says, StringComparison.Ordinal));
        var marked = Assert.Single(Clauses(reading.Tree!), clause => clause.Problem is not null);
        Assert.Equal(field, marked.Field);
        Assert.StartsWith(says, marked.Problem, StringComparison.Ordinal);
        Assert.Equal(["status", "queueID"], Clauses(reading.Tree!).Where(clause => clause != marked).Select(clause => clause.Field));
    }

    [Fact]
    public void Value_ThatIsNotActive_MayStayAndIsSaid()
    {
        var reading = Read("""{"op":"eq","field":"status","value":"Parked"}""");

        Assert.Empty(reading.Problems);
        Assert.Contains("\"Parked\" (21) is not active", Assert.Single(reading.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_ThatIsNoJson_HasNoTree() => Assert.Null(Read("{not json").Tree);

    private static ConditionReading Read(string text) => new FilterReading(Samples.Schema, Vocabulary).Read(text);

    private static IEnumerable<ConditionNode> Clauses(ConditionNode node) => node.Join == "clause" ? [node] : node.Items.SelectMany(Clauses);

    private static string Print(ConditionNode node)
    {
        if (node.Join != "clause") return node.Items.Count == 1 ? Print(node.Items[0]) : $$"""{"op":"{{(node.Join == "all" ? "and" : "or")}}","items":[{{string.Join(',', node.Items.Select(Print))}}]}""";
        var pattern = Vocabulary.Fields.Single(field => field.Key == node.Field).Patterns[node.Pattern];
        string Literal(string value) => pattern.Takes is RuleValueKind.Name or RuleValueKind.Number ? value : JsonSerializer.Serialize(value);
        var value = pattern.Takes == RuleValueKind.Nothing ? "" : pattern.Many ? $"[{string.Join(',', node.Value.Split('\n').Select(Literal))}]" : Literal(node.Value);
        return pattern.Before + value + pattern.After;
    }
}
