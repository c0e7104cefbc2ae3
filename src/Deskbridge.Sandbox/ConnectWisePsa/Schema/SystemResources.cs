namespace Deskbridge.Sandbox.ConnectWisePsa.Schema;

/// <summary>Documents, custom fields and callbacks (reference 5.3, 6 and 8).</summary>
internal static class SystemResources
{
    public static IReadOnlyList<Resource> All { get; } =
    [
        new("currencies", "finance/currencies", "currency", "Currency", """
            id int; currencyIdentifier* str(10); name* str(50); symbol str(10); displayIdFlag bool; displaySymbolFlag bool
            currencyCode @currencyCodes; thousandsSeparator str(1); decimalSeparator str(1); negativeParenthesesFlag bool; rightAlign bool
            numberOfDecimals int; reportFormat str
            """) { Shown = "symbol currencyCode=currencyCode/name decimalSeparator numberOfDecimals thousandsSeparator negativeParenthesesFlag displaySymbolFlag currencyIdentifier displayIdFlag rightAlign name" },
        new("documents", "system/documents", "documentInfo", "Document", """
            id int; title str; fileName str; serverFileName str; owner str; linkFlag bool; imageFlag bool; publicFlag bool; htmlTemplateFlag bool;
            readOnlyFlag bool; size int; urlFlag bool; createdOnDate str; documentType @documentTypes; guid str; guidSecondary str
            """) { Verbs = "GD", Shown = "name=title", FirstId = 7001 },
        new("documentTypes", "system/documentTypes", "documentType", "Document Type", """
            id int; fileExtension str; icon str; mimeType str; description str
            """) { Verbs = "IiJ", Shown = "name=description", Info = "fileExtension icon mimeType description" },
        new("userDefinedFields", "system/userDefinedFields", "userDefinedField", "User Defined Field", """
            id int; podId* int; caption* str(25); sequenceNumber* int; screenId str(25); helpText str(1000);
            fieldTypeIdentifier* {TextArea|Button|Currency|Date|Hyperlink|IPAddress|Checkbox|Number|Percent|PhoneNumber|Text|Password}; numberDecimals int;
            entryTypeIdentifier {Date|EntryField|List|Option}; requiredFlag bool; displayOnScreenFlag bool; readOnlyFlag bool; listViewFlag bool;
            buttonUrl str(1000); options any; businessUnitIds int@departments[]; locationIds int@locations[]; addAllBusinessUnits^ bool; removeAllBusinessUnits^ bool;
            addAllLocations^ bool; removeAllLocations^ bool; dateCreated! time; podDescription! str; screenDescription! str; displayScreenInASIO! bool;
            connectWiseID! str
            """)
            {
                Verbs = "LCGUPDNIiJ", Shown = "name=caption",
                Info = "podId caption sequenceNumber helpText fieldTypeIdentifier numberDecimals entryTypeIdentifier requiredFlag displayOnScreenFlag "
                    + "readOnlyFlag listViewFlag buttonUrl options businessUnitIds locationIds dateCreated",
            },
        new("callbacks", "system/callbacks", "callbackEntry", "Callback", """
            id int; description str(100); url* str; objectId* int; type* str; level* str; memberId! int; payloadVersion str; inactiveFlag bool;
            isSoapCallbackFlag bool; isSelfSuppressedFlag bool; connectWiseID! str
            """) { Shown = "description", FirstId = 26501 },
    ];
}
