using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Rules;

/// <summary>A configuration is active and has its default status from the start, belongs to its company's site, and answers the questions of its type (reference 5.7).</summary>
internal sealed class ConfigurationRules : RecordRules
{
    public override void Before(Change change, JsonObject input, JsonObject? before)
    {
        if (before is null && Json.Child(input, "activeFlag") is null) input["activeFlag"] = true;
    }

    public override bool Allows(Change change, Member member, JsonObject row, JsonObject body) =>
        member.Name is not ("site" or "contact") || TicketRules.Id(row["company"]) == TicketRules.Id(body["company"]);

    public override void Complete(Change change, JsonObject body, JsonObject? before)
    {
        if (before is null && TicketDefaults.Default(change, "configurationStatuses", _ => true) is { } status) body["status"] ??= status;
        var type = TicketRules.Id(body["type"]);
        var sent = (body["questions"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        body["questions"] = new JsonArray([.. change.All("configurationTypeQuestions")
            .Where(q => TicketRules.Id(q["configurationType"]) == type && !Json.Flag(q["inactiveFlag"]))
            .OrderBy(q => Json.Number(q["sequenceNumber"]!))
            .Select(q => (JsonNode)Answered(q, sent.Find(s => Json.Int(Json.Child(s, "questionId")) == Json.Int(q["id"])), change))]);
    }

    private static JsonObject Answered(JsonObject question, JsonObject? sent, Change change)
    {
        var answer = Json.Copy(Json.Child(sent, "answer"));
        if (Json.Flag(question["requiredFlag"]) && string.IsNullOrEmpty(Json.Text(answer)))
            throw PsaRefusal.Invalid("companyConfiguration", "MissingRequiredField", $"The question '{Json.Text(question["question"])}' needs an answer.", "questions");
        return new JsonObject
        {
            ["answerId"] = Json.Int(Json.Child(sent, "answerId")) ?? change.Next("configurations", "questions", "answerId"),
            ["questionId"] = Json.Copy(question["id"]),
            ["question"] = Json.Copy(question["question"]),
            ["answer"] = answer,
            ["sequenceNumber"] = Json.Copy(question["sequenceNumber"]),
            ["numberOfDecimals"] = Json.Int(question["numberOfDecimals"]) ?? 0,
            ["fieldType"] = Json.Copy(question["fieldType"]),
            ["requiredFlag"] = Json.Flag(question["requiredFlag"]),
        };
    }
}
