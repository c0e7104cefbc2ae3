using System.Text.Json;
using Deskbridge.Connectors.Autotask.Filters;
using Xunit;

namespace Deskbridge.Connectors.Tests.Autotask;

public sealed class FilterTests
{
    [Theory]
    [InlineData("""{"op":"noteq","field":"Status","value":5}""", """{"op":"noteq","field":"status","value":5}""")]
    [InlineData("""{"op":"eq","field":"PRIORITY","value":"critical"}""", """{"op":"eq","field":"priority","value":4}""")]
    [InlineData("""[{"op":"in","field":"queueID","value":["Support","8"]},{"op":"NotExist","field":"companyID"}]""",
        """{"op":"and","items":[{"op":"in","field":"queueID","value":[29682833,8]},{"op":"notExist","field":"companyID"}]}""")]
    [InlineData("""{"Filter":[{"op":"or","items":[{"op":"eq","field":"status","value":"New"},{"op":"gte","field":"createDate","value":"2026-11-20T08:15:00"}]}],"MaxRecords":10}""",
        """{"op":"and","items":[{"op":"or","items":[{"op":"eq","field":"status","value":1},{"op":"gte","field":"createDate","value":"2026-11-20T08:15:00Z"}]}]}""")]
    [InlineData("""{"op":"eq","field":"ranking","udf":true,"value":"Golden"}""", """{"op":"eq","field":"Ranking","value":"Golden","udf":true}""")]
    [InlineData("""{"op":"eq","field":"isVisibleToComanaged","value":"true"}""", """{"op":"eq","field":"isVisibleToComanaged","value":true}""")]
    public void Compile_NamesOfPeople_BecomeValuesOfAutotask(string written, string sent)
    {
        var compiled = Samples.Compile(written);

        Assert.Empty(compiled.Problems);
        Assert.Equal(sent, compiled.Node!.ToJson().ToJsonString());
    }

    [Theory]
    [InlineData("{not json", "no JSON")]
    [InlineData("[]", "empty")]
    [InlineData("""{"op":"noteExist","field":"queueID"}""", "no operator \"noteExist\"")]
    [InlineData("""{"op":"eq","field":"state","value":1}""", "no field \"state\". Did you mean status?")]
    [InlineData("""{"op":"eq","field":"Ranking","value":"Golden"}""", "\"udf\":true")]
    [InlineData("""{"op":"eq","field":"status","value":"Nwe"}""", "\"New\" (1), \"In Progress\" (8)")]
    [InlineData("""{"op":"eq","field":"status"}""", "notExist")]
    [InlineData("""{"op":"contains","field":"status","value":"N"}""", "is for texts")]
    [InlineData("""{"op":"in","field":"status","value":1}""", "needs a list")]
    [InlineData("""{"op":"eq","field":"status","value":[1]}""", "Use \"in\"")]
    [InlineData("""{"op":"eq","field":"lastActivityPersonType","value":1}""", "does not let lastActivityPersonType")]
    [InlineData("""{"op":"gt","field":"createDate","value":"yesterday"}""", "an instant")]
    [InlineData("""{"op":"and","items":[{"op":"eq","field":"Rack","udf":true,"value":"1"},{"op":"eq","field":"Ranking","udf":true,"value":"1"}]}""", "one user-defined field")]
    [InlineData("""{"op":"or","items":[]}""", "empty")]
    [InlineData("\"status\"", "is an object")]
    public void Compile_WhatAutotaskWouldRefuseOrIgnore_IsRefusedInWords(string written, string says) =>
        Assert.Contains(Samples.Compile(written).Problems, problem => problem.Contains(says, StringComparison.Ordinal));

    [Theory]
    [InlineData("""{"op":"eq","field":"status","value":"New"}""", true)]
    [InlineData("""{"op":"noteq","field":"status","value":1}""", false)]
    [InlineData("""{"op":"in","field":"priority","value":["High","Critical"]}""", true)]
    [InlineData("""{"op":"notIn","field":"priority","value":["High"]}""", true)]
    [InlineData("""{"op":"contains","field":"title","value":"BACKUP"}""", true)]
    [InlineData("""{"op":"beginsWith","field":"title","value":"failed"}""", false)]
    [InlineData("""{"op":"endsWith","field":"title","value":"fs01"}""", true)]
    [InlineData("""{"op":"gt","field":"createDate","value":"2026-11-20T09:02:11Z"}""", true)]
    [InlineData("""{"op":"lt","field":"createDate","value":"2026-11-20T10:02:11+01:00"}""", false)]
    [InlineData("""{"op":"gte","field":"companyID","value":174}""", true)]
    [InlineData("""{"op":"eq","field":"Ranking","udf":true,"value":"golden"}""", true)]
    [InlineData("""{"op":"exist","field":"Rack","udf":true}""", false)]
    [InlineData("""{"op":"noteq","field":"Rack","udf":true,"value":"A1"}""", true)]
    [InlineData("""{"op":"eq","field":"isVisibleToComanaged","value":false}""", true)]
    [InlineData("""{"op":"or","items":[{"op":"eq","field":"status","value":5},{"op":"and","items":[{"op":"eq","field":"queueID","value":"Support"},{"op":"exist","field":"companyID"}]}]}""", true)]
    public void Evaluate_OnARecord_IsWhatAutotaskAnswers(string written, bool holds)
    {
        var compiled = Samples.Compile(written);

        Assert.Equal(holds, new FilterEvaluator(compiled.Words).Evaluate(compiled.Node!, JsonElement.Parse(Samples.Ticket().Body)).Holds);
    }

    [Fact]
    public void Evaluate_NoMatch_NamesTheConditionThatDecides()
    {
        var compiled = Samples.Compile("""[{"op":"eq","field":"priority","value":"Critical"},{"op":"or","items":[{"op":"eq","field":"status","value":"Complete"},{"op":"eq","field":"queueID","value":"Support"}]},{"op":"eq","field":"status","value":"In Progress"}]""");

        var (_, trace) = new FilterEvaluator(compiled.Words).Evaluate(compiled.Node!, JsonElement.Parse(Samples.Ticket().Body));

        Assert.Equal(("Status is \"In Progress\"", "New"), Assert.Single(trace.Where(clause => clause.Decides).Select(clause => (clause.Text, clause.Actual))));
        Assert.Equal(("Priority is \"Critical\"", "Critical", true), (trace[0].Text, trace[0].Actual, trace[0].Holds));
        ClauseGroup any = new(From: 1, Any: true, Holds: true);
        Assert.Equal([null, any, any, null], trace.Select(clause => clause.Within.SingleOrDefault()));
    }

    [Fact]
    public void Printed_ReadAgain_IsTheSame()
    {
        var compiled = Samples.Compile("""[{"op":"in","field":"status","value":["New",8]},{"op":"eq","field":"Ranking","udf":true,"value":"\"quoted\" \ud83d\ude92"}]""");

        var again = FilterText.Read(compiled.Node!.ToJson().ToJsonString(), out var problems);

        Assert.Empty(problems);
        Assert.Equal(compiled.Node.ToJson().ToJsonString(), again!.ToJson().ToJsonString());
    }
}
