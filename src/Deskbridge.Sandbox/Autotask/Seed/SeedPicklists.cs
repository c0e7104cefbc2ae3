using Deskbridge.Sandbox.Autotask.Records;

namespace Deskbridge.Sandbox.Autotask.Seed;

/// <summary>The picklists of the seeded provider: value, label; ! system value, - inactive, &gt; child of that value. Only few numbers are the vendor's own (reference 4.10).</summary>
internal static class SeedPicklists
{
    private static readonly (string Entity, string Field, string Values)[] Lists =
    [
        ("Tickets", "status", "1!=New; 8=In Progress; 10=Scheduled / Dispatched; 7=Waiting Customer; 12=Waiting Vendor; 9=Waiting Materials; 11=Escalate; 13=Waiting Approval; 19=Customer Note Added; 5!=Complete; 14-=On Hold (old)"),
        ("Tickets", "priority", "4=Critical; 1=High; 2=Medium; 3=Low"),
        ("Tickets", "queueID", "5!=Client Portal; 6!=Post Sale; 8!=Monitoring Alert; 29682833=Level I Support; 29682969=Level II Support; 29683378=Network Operations; 29683379=Projects; 29683380-=Night Desk (closed)"),
        ("Tickets", "source", "-1!=Client Portal; 4=Email; 2=Phone; 6=In Person / Onsite; 8=Monitoring Alert; 11=Contract; 1=Other"),
        ("Tickets", "ticketType", "1!=Service Request; 2!=Incident; 3!=Problem; 4!=Change Request; 5!=Alert"),
        ("Tickets", "ticketCategory", "3=Standard; 2=Service Request; 4=Alert; 5=Change"),
        ("Tickets", "issueType", "10=Computer; 11=Network; 12=Server; 13=Software / SaaS; 14=Security"),
        ("Tickets", "subIssueType", "136>10=Printer offline; 137>10=Workstation slow; 138>10=Peripheral; 140>11=Internet down; 141>11=VPN; 142>11=Wi-Fi; 150>12=Backup failed; 151>12=Disk space; 152>12=Service stopped; 160>13=Mail; 161>13=Line-of-business application; 162>13=Account / access; 170>14=Malware; 171>14=Phishing"),
        ("Tickets", "serviceLevelAgreementID", "1=Standard; 2=Premium"),
        ("Tickets", "changeApprovalBoard", "1=Change advisory board"),
        ("Tickets", "changeApprovalStatus", "1!=Requested; 2!=Approved; 3!=Rejected"),
        ("Tickets", "changeApprovalType", "1!=One must approve; 2!=All must approve"),
        ("Tickets", "monitorTypeID", "1=Online Status; 2=Performance; 3=Event Log; 4=Antivirus; 5=Patch"),
        ("Tickets", "rmaStatus", "1=Open; 2=Shipped; 3=Closed"),
        ("Tickets", "rmaType", "1=Repair; 2=Replace"),
        ("Tickets", "creatorType", "1!=Resource; 2!=Contact"),
        ("Tickets", "lastActivityPersonType", "1!=Resource; 2!=Contact"),
        ("TicketNotes", "publish", "1!=All Autotask Users; 2!=Internal Project Team; 4!=Internal & Co-Managed"),
        ("TicketNotes", "noteType", "1!=Task Summary; 2!=Task Detail; 3!=Task Notes; 13!=Workflow Rule Note; 15!=Duplicate Ticket Note; 18!=Client Portal Note; 91!=Workflow Rule - Action Note; 93!=Merged Into Ticket; 94!=Absorbed Another Ticket; 99!=RMM Note; 100!=BDR Note; 101!=Email Note"),
        ("TicketAttachments", "attachmentType", "FILE_ATTACHMENT!=File; FILE_LINK!=File Link; FOLDER_LINK!=Folder Link; URL!=Web Link; ATTACHMENT_LINK!=Attachment Link"),
        ("TicketAttachments", "publish", "1!=All Autotask Users; 2!=Internal Project Team; 4!=Internal & Co-Managed"),
        ("TicketAttachments", "parentType", "4!=Ticket"),
        ("TicketNoteAttachments", "attachmentType", "FILE_ATTACHMENT!=File; FILE_LINK!=File Link; FOLDER_LINK!=Folder Link; URL!=Web Link; ATTACHMENT_LINK!=Attachment Link"),
        ("TicketNoteAttachments", "publish", "1!=All Autotask Users; 2!=Internal Project Team; 4!=Internal & Co-Managed"),
        ("TicketNoteAttachments", "parentType", "11!=Ticket Note"),
        ("TicketCategories", "displayColorRGB", "1=Blue; 2=Green; 3=Orange; 4=Red"),
        ("ConfigurationItemCategories", "displayColorRGB", "1=Blue; 2=Green; 3=Orange; 4=Red"),
        ("Companies", "companyType", "1!=Customer; 2!=Lead; 3!=Prospect; 4!=Dead; 6!=Cancellation; 7!=Vendor; 8!=Partner"),
        ("Companies", "territoryID", "29682779=Florida; 29682780=Ohio"),
        ("Companies", "marketSegmentID", "29682775=Healthcare; 29682776=Legal; 29682777=Education; 29682778=Industry"),
        ("Companies", "invoiceMethod", "1!=Print; 2!=Email"),
        ("Contacts", "namePrefix", "1=Mr.; 2=Mrs.; 3=Ms.; 4=Dr."),
        ("Contacts", "nameSuffix", "1=Jr.; 2=Sr."),
        ("ResourceRoles", "queueID", "29682833=Level I Support; 29682969=Level II Support; 29683378=Network Operations"),
        ("ResourceRoleQueues", "queueID", "5!=Client Portal; 6!=Post Sale; 8!=Monitoring Alert; 29682833=Level I Support; 29682969=Level II Support; 29683378=Network Operations; 29683379=Projects"),
        ("Resources", "licenseType", "1!=Professional; 3!=Team Member; 7!=API"),
        ("Resources", "locationID", "10=Tampa; 11=Columbus"),
        ("Resources", "resourceType", "Employee!=Employee; Contractor!=Contractor; API User!=API User"),
        ("Resources", "userType", "1!=Full Access; 2!=Service Desk User; 3!=API-only"),
        ("Resources", "emailTypeCode", "PRIMARY!=Primary; SECONDARY!=Secondary"),
        ("Resources", "emailTypeCode2", "PRIMARY!=Primary; SECONDARY!=Secondary"),
        ("Resources", "emailTypeCode3", "PRIMARY!=Primary; SECONDARY!=Secondary"),
        ("Resources", "numberFormat", "X,XXX.XX!=X,XXX.XX; X.XXX,XX!=X.XXX,XX"),
        ("Resources", "dateFormat", "MM/dd/yyyy!=MM/dd/yyyy; yyyy-MM-dd!=yyyy-MM-dd"),
        ("Resources", "timeFormat", "hh:mm a!=hh:mm a; HH:mm!=HH:mm"),
        ("Resources", "payrollType", "1!=Salary; 2!=Hourly"),
        ("Resources", "gender", "M!=Male; F!=Female"),
        ("ConfigurationItems", "configurationItemType", "1=Server; 2=Workstation; 3=Firewall; 4=Switch; 5=Storage"),
        ("ConfigurationItems", "serviceLevelAgreementID", "1=Standard; 2=Premium"),
        ("ServiceCalls", "status", "1!=New; 2!=Complete; 3=Cancelled"),
        ("TimeEntries", "timeEntryType", "2!=IT Service Request; 6!=Project Task; 10!=General"),
        ("BillingCodes", "useType", "1!=Work type; 2!=Expense; 3!=Non-billable / internal; 4!=Material"),
        ("BillingCodes", "billingCodeType", "0!=Normal; 1!=System; 2!=Non-billable"),
        ("DeletedTicketActivityLogs", "typeID", "1!=Note; 2!=Time entry; 3!=Attachment"),
        ("UserDefinedFieldDefinitions", "dataType", "1!=Text (Single Line); 2!=Text (Multi Line); 3!=Date; 4!=Number; 5!=List"),
        ("UserDefinedFieldDefinitions", "udfType", "1!=Company; 2!=Contact; 3!=Configuration Item; 4!=Ticket"),
        ("UserDefinedFieldDefinitions", "displayFormat", "1!=None; 2!=Currency"),
        ("Tickets", "#29682854", "1=Hardware; 2=Software; 3=User"),
    ];

    public static IEnumerable<Record> Rows() => Lists.SelectMany(l => l.Values.Split("; ").Select((text, i) => Row(l.Entity, l.Field, text, i)));

    private static Record Row(string entity, string field, string text, int order)
    {
        var (head, label) = text.Split('=', 2) is [var h, var l] ? (h, l) : throw new InvalidOperationException($"'{text}' has no label.");
        var parts = head.Split('>');
        var value = parts[0].TrimEnd('!');
        var old = value.Length > 1 && value.EndsWith('-');
        return new Record
        {
            ["entity"] = entity,
            ["field"] = field,
            ["value"] = old ? value[..^1] : value,
            ["label"] = label,
            ["sortOrder"] = (long)order,
            ["parentValue"] = parts.Length > 1 ? parts[1] : null,
            ["isActive"] = !old,
            ["isSystem"] = parts[0].EndsWith('!'),
            ["isDefaultValue"] = false,
        };
    }
}
