namespace Deskbridge.Sandbox.ConnectWisePsa.Schema;

/// <summary>What hangs on companies, contacts and configuration types (reference 5.6 and 5.7).</summary>
internal static class CompanyDetailResources
{
    public static IReadOnlyList<Resource> All { get; } =
    [
        new("companyCustomNotes", "company/companies/{}/customStatusNotes", "companyCustomNote", "Custom Status Note", """
            id int; customNote* str(1500); status* @companyStatuses; company! @companies
            """) { Parent = "company/id", ParentTable = "companies", Shown = "id" },
        new("companyGroups", "company/companies/{}/groups", "companyGroup", "Company Group", """
            id int; group* @groups; company! @companies; defaultContactFlag bool; allContactsFlag bool; removeAllContactsFlag^ bool; unsubscribeFlag bool
            contactIds int@contacts[]
            """) { Parent = "company/id", ParentTable = "companies", Shown = "id" },
        new("companyTypeAssociations", "company/companies/{}/typeAssociations", "companyCompanyTypeAssociationCompanyTypeAssociation", "Type Association", """
            id int; type* @companyTypes; company* @companies
            """) { Parent = "company/id", ParentTable = "companies", Shown = "id", FlatPath = "company/companyTypeAssociations", FlatVerbs = "LCGUPDN" },
        new("contactGroups", "company/contacts/{}/groups", "contactGroup", "Contact Group", """
            id int; group* @groups; contact! @contacts; description str(50); unsubscribeFlag bool; companyUnsubcribedEmailMessage str
            companyGroupUnsubscribedEmailMessage str; contactUnsubscribedEmailMessage str; contactGroupUnsubscribedEmailMessage str
            """) { Parent = "contact/id", ParentTable = "contacts", Shown = "id" },
        new("contactNotes", "company/contacts/{}/notes", "contactNote", "Contact Note", """
            id int; contactId! int; text* str; type @noteTypes; flagged bool; enteredBy! str
            """) { Parent = "contactId", ParentTable = "contacts", Shown = "text" },
        new("contactTracks", "company/contacts/{}/tracks", "contactTrack", "Contact Track", """
            id int; trackId int@tracks; name str; startDate str; endDate str; actionTaken int; actionRemaining int; startedBy str; company! @companies
            contact! @contacts
            """) { Verbs = "LCGDN", Parent = "contact/id", ParentTable = "contacts" },
        new("contactTypeAssociations", "company/contacts/{}/typeAssociations", "contactContactTypeAssociationContactTypeAssociation", "Type Association", """
            id int; type* @contactTypes; contact* @contacts
            """) { Parent = "contact/id", ParentTable = "contacts", Shown = "id", FlatPath = "company/contactTypeAssociations", FlatVerbs = "LCGUPDN" },
        new("entityTypes", "company/entityTypes", "entityType", "Entity Type", """
            id int; name str; code str
            """) { Verbs = "LGNi" },
        new("configurationTypeQuestionValues", "company/configurations/types/{}/questions/{}/values", "configurationTypeQuestionValue", "Question Value", """
            id int; configurationType! @configurationTypes; question! @configurationTypeQuestions; value* str(1000); defaultFlag bool; inactiveFlag bool
            """) { Verbs = "LCGUPDNVW", Parent = "question/id", ParentTable = "configurationTypeQuestions", Shown = "value" },
    ];
}
