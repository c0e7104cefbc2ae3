using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;
using Microsoft.AspNetCore.Http;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>Documents: listed by record, sent as forms, kept as files beside the log (reference 5.3).</summary>
internal sealed class DocumentRoutes(Psa psa, ResourceEndpoint endpoint, string folder)
{
    private static readonly Dictionary<string, string> Tables = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Ticket"] = "tickets",
        ["ProjectTicket"] = "projectTickets",
        ["Activity"] = "activities",
        ["Config"] = "configurations",
        ["Service"] = "tickets",
        ["Agreement"] = "agreements",
        ["Project"] = "projects",
        ["ServiceTemplate"] = "serviceTemplates",
        ["KnowledgeBase"] = "knowledgeBaseArticles",
        ["Company"] = "companies",
        ["Configuration"] = "configurations",
        ["Contact"] = "contacts",
        ["Member"] = "members",
        ["TimeEntry"] = "timeEntries",
        ["Schedule"] = "scheduleEntries",
    };

    private static readonly string[] OtherTypes = ["Expense", "Opportunity", "PurchaseOrder", "SalesOrder", "Rma"];

    public IEnumerable<Route> All() =>
    [
        .. ResourceEndpoint.Listed("system/documents", (r, _) => Of(r)),
        new("POST", "system/documents", (r, _) => endpoint.Now(r, Documents, Upload(r, null), 201)),
        new("POST", "system/documents/{}", (r, ids) => endpoint.Now(r, Documents, Upload(r, Document(ids).Id), 200)),
        new("GET", "system/documents/{}/download", (_, ids) => Download(Document(ids))),
        new("GET", "system/documents/{}/thumbnail", (_, ids) => Download(Document(ids))),
        new("GET", "system/members/{}/image", (_, ids) => Photo("members", ids[0])),
        new("GET", "company/contacts/{}/image", (_, ids) => Photo("contacts", ids[0])),
        new("GET", "system/documents/uploadsample", (_, _) => UploadSample()),
    ];

    private static Resource Documents => Catalogue.Of("documents");

    private IEnumerable<JsonObject> Of(PsaRequest request)
    {
        var (type, id) = (request["recordType"], request["recordId"]);
        if (string.IsNullOrEmpty(type) || !int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var record))
            throw PsaRefusal.BadRequest("Documents are listed by recordType and recordId.");
        Check(type, record);
        return psa.Store.Rows("documents")
            .Where(d => Json.Int(d.Body["_recordId"]) == record && string.Equals(Json.Text(d.Body["_recordType"]), type, StringComparison.OrdinalIgnoreCase))
            .Select(d => psa.Views.Of(Documents, d, d.Body));
    }

    private int Upload(PsaRequest request, int? replaced)
    {
        var form = SentForm.Read(request.Http, request.Body);
        string? Part(string name) => form.TryGetValue(name, out var value) ? value.ToString() : null;
        var file = form.Files.Count > 0 ? form.Files[0] : null;
        var link = Part("url");
        if (file is null && string.IsNullOrEmpty(link)) throw PsaRefusal.Invalid("documentInfo", "MissingRequiredField", "A file or a url is required.", "file");
        var before = replaced is { } id ? psa.Store.Find("documents", id)!.Body : null;
        var type = Part("recordType") ?? Json.Text(before?["_recordType"]) ?? "";
        var record = int.TryParse(Part("recordId"), NumberStyles.None, CultureInfo.InvariantCulture, out var sent) ? sent : Json.Int(before?["_recordId"]) ?? 0;
        Check(type, record);
        return psa.Store.Commit(request.By, change =>
        {
            var guid = Guid.CreateVersion7(change.Now).ToString();
            var name = Path.GetFileName(file?.FileName.Replace('\\', '/') ?? "");
            var body = new JsonObject
            {
                ["title"] = Part("title") is { Length: > 0 } title ? title : name,
                ["fileName"] = file is null ? link : name,
                ["serverFileName"] = file is null ? link : guid + Path.GetExtension(name),
                ["owner"] = change.By,
                ["linkFlag"] = file is null,
                ["imageFlag"] = file?.ContentType.StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true,
                ["publicFlag"] = !Flag(Part("privateFlag")),
                ["htmlTemplateFlag"] = false,
                ["readOnlyFlag"] = Flag(Part("readOnlyFlag") ?? Part("readOnlyFlay")),
                ["size"] = file?.Length ?? 0,
                ["urlFlag"] = file is null,
                ["createdOnDate"] = Json.Stamp(change.Now),
                ["documentType"] = new JsonObject { ["id"] = 1, ["name"] = "Other" },
                ["guid"] = guid,
                ["_recordType"] = type,
                ["_recordId"] = record,
                ["_contentType"] = file?.ContentType,
            };
            if (file is not null) Keep(file, guid);
            if (replaced is not { } old)
            {
                var added = change.Add("documents", body);
                if (Flag(Part("isAvatar"))) Portray(change, type, record, added, name);
                return added;
            }

            body["id"] = old;
            body["_info"] = Json.Copy(before!["_info"]);
            change.Put("documents", old, body);
            return old;
        });
    }

    // An avatar becomes the photo of its member or contact.
    private static void Portray(Change change, string type, int record, int document, string name)
    {
        if (!Tables.TryGetValue(type, out var table) || Catalogue.Of(table).Model.Exact("photo") is null) return;
        var body = Json.Copy(change.Find(table, record)!);
        body["photo"] = new JsonObject { ["id"] = document, ["name"] = name };
        change.Put(table, record, body);
    }

    private PsaAnswer Photo(string table, string id)
    {
        var title = Catalogue.Of(table).Title;
        var row = psa.Store.Find(table, Route.Id(id)) ?? throw PsaRefusal.NotFound(title, id);
        return Json.Int(Json.At(row.Body, "photo/id")) is { } photo && psa.Store.Find("documents", photo) is { } document ? Download(document) : throw PsaRefusal.NotFound("Image of " + title, id);
    }

    // Written before the commit line, so that a document in the log always has its bytes.
    private void Keep(IFormFile file, string guid)
    {
        Directory.CreateDirectory(folder);
        using var target = new FileStream(Path.Combine(folder, guid), FileMode.CreateNew);
        file.CopyTo(target);
    }

    private PsaAnswer Download(Row document)
    {
        if (Json.Flag(document.Body["urlFlag"])) throw PsaRefusal.BadRequest("The document is a link and has no file.");
        var name = (Json.Text(document.Body["fileName"]) ?? "file").Replace('"', '\'');
        return new PsaAnswer(200)
        {
            Bytes = File.ReadAllBytes(Path.Combine(folder, Json.Text(document.Body["guid"])!)),
            ContentType = Json.Text(document.Body["_contentType"]) is { Length: > 0 } type ? type : "application/octet-stream",
            Headers = [("Content-Disposition", Disposition(name))],
        };
    }

    private static PsaAnswer UploadSample() => new(200)
    {
        ContentType = "text/html; charset=utf-8",
        Bytes = Encoding.UTF8.GetBytes("""
            <form method="post" action="." enctype="multipart/form-data">
            <input name="recordType" value="Ticket"><input name="recordId"><input name="title"><input type="file" name="file"><button>Upload</button></form>
            """),
    };

    private Row Document(string[] ids) => psa.Store.Find("documents", Route.Id(ids[0])) ?? throw PsaRefusal.NotFound("Document", ids[0]);

    private void Check(string type, int record)
    {
        if (Tables.TryGetValue(type, out var table))
        {
            // A ticket of a project is a ticket, too.
            if (psa.Store.Find(table, record) is null && (table != "tickets" || psa.Store.Find("projectTickets", record) is null)) throw PsaRefusal.NotFound(Catalogue.Of(table).Title, record);
        }
        else if (!OtherTypes.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            throw PsaRefusal.Invalid("documentInfo", "InvalidField", $"The recordType '{type}' is not known.", "recordType");
        }
    }

    // Clients take all that follows filename= for the name, so a second form of it comes only where it is needed.
    private static string Disposition(string name)
    {
        var plain = $"attachment; filename=\"{Ascii(name)}\"";
        return Ascii(name) == name ? plain : $"{plain}; filename*=UTF-8''{WebUtility.UrlEncode(name).Replace("+", "%20", StringComparison.Ordinal)}";
    }

    private static string Ascii(string text) => string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c : '_'));

    private static bool Flag(string? text) => bool.TryParse(text, out var flag) && flag;
}
