namespace Deskbridge.Sandbox.ConnectWisePsa.Schema;

/// <summary>Invoices, expenses, purchase orders and products: records that callbacks tell of (reference 8.2), kept and changed, but never
/// worked out. The members are those of the vendor's published types.</summary>
internal static class BillingResources
{
    public static IReadOnlyList<Resource> All { get; } =
    [
        new("invoices", "finance/invoices", "invoice", "Invoice", """
            id int; invoiceNumber str(15); type* {Agreement|CreditMemo|DownPayment|Miscellaneous|Progress|Standard}; status @billingStatuses
            company* @companies; billToCompany @companies; shipToCompany @companies; accountNumber str
            applyToType {All|Agreement|Project|ProjectPhase|SalesOrder|Ticket}; applyToId int; attention str(60); shipToAttention str(60)
            billingSite @sites; billingSiteAddressLine1 str; billingSiteAddressLine2 str; billingSiteCity str; billingSiteState str
            billingSiteZip str; billingSiteCountry str; shippingSite @sites; shippingSiteAddressLine1 str; shippingSiteAddressLine2 str
            shippingSiteCity str; shippingSiteState str; shippingSiteZip str; shippingSiteCountry str; billingTerms @billingTerms; reference str(50)
            customerPO str(50); templateSetupId int; invoiceTemplate @invoiceTemplates; emailTemplateId int; addToBatchEmailList bool; date time
            restrictDownpaymentFlag bool; locationId int@locations; location @locations; departmentId int@departments; department @departments/name; territoryId int@locations
            territory @locations; topComment str; bottomComment str; taxableFlag bool; taxCode @taxCodes; internalNotes str
            downpaymentPreviouslyTaxedFlag bool; serviceTotal num; overrideDownPaymentAmountFlag bool; currency @currencies; dueDate time
            expenseTotal num; productTotal num; previousProgressApplied num; serviceAdjustmentAmount num; agreementAmount num
            downpaymentApplied num; subtotal num; total num; remainingDownpayment num; salesTax num; adjustmentReason str; adjustedBy str
            closedBy! str; payments num; credits num; balance num; specialInvoiceFlag bool; billingSetupReference @billingSetups; ticket @tickets+projectTickets
            project @projects; phase @projectPhases; salesOrder @salesOrders; agreement @agreements; glBatch @batches; unbatchedBatch @batches
            customFields custom
            """) { Callback = "invoice", PodName = "Invoice", FirstId = 1001, Shown = "identifier=invoiceNumber billingType=type applyToType invoiceDate=date" },
        new("billingStatuses", "finance/billingStatuses", "billingStatus", "Billing Status", """
            id int; name* str(30); sortOrder int; defaultFlag bool; closedFlag bool; inactiveFlag bool; sentFlag bool
            """) { Shown = "name isClosed=closedFlag" },
        new("expenses", "expense/entries", "expenseEntry", "Expense Entry", """
            id int; expenseReport @expenseReports; company @companies; chargeToId int
            chargeToType {Company|ServiceTicket|ProjectTicket|ChargeCode|Activity}; type* @expenseTypes; member @members; paymentMethod @paymentTypes
            classification @expenseClassifications; amount* num; billableOption {Billable|DoNotBill|NoCharge|NoDefault}; date* time; locationId int@locations
            businessUnitId int@departments; notes str; agreement @agreements; invoiceAmount num; mobileGuid! str; taxes any; invoice @invoices
            currency @currencies
            status {Open|Rejected|PendingApproval|ErrorsCorrected|PendingProjectApproval|ApprovedByTierOne|RejectBySecondTier|ApprovedByTierTwo|ReadyToBill|Billed|WrittenOff|BilledAgreement}
            billAmount num; agreementAmount num; odometerStart num; odometerEnd num; ticket @tickets+projectTickets; project @projects; phase @projectPhases
            customFields custom
            """) { Callback = "expense", PodName = "Expense", FirstId = 1201, Shown = "id" },
        new("expenseTypes", "expense/types", "expenseType", "Expense Type", """
            id int; name* str(30); amountCaption* str; reimbursementRate num; billExpenses* {Billable|DoNotBill|NoCharge|NoDefault}
            invoiceMarkupOption* {Amount|Mile|Percent}; invoiceMarkupAmount num; advancedAmountFlag bool; mileageFlag bool; quantityFlag bool
            inactiveFlag bool; maxAmount num; integrationXRef str(50); defaultFlag bool
            """),
        new("expenseClassifications", "expense/classifications", "classification", "Classification", """
            id int; name str; multiplier num; defaultFlag bool; companyFlag bool; employeeFlag bool
            """) { Verbs = "LGN" },
        new("paymentTypes", "expense/paymentTypes", "paymentType", "Payment Type", """
            id int; name* str(30); classification* @expenseClassifications; defaultFlag bool; companyFlag bool
            """),
        new("purchaseOrders", "procurement/purchaseorders", "purchaseOrder", "Purchase Order", """
            id int; businessUnitId int@departments; businessUnit @departments/name; cancelReason str; closedFlag bool; closedBy! str; customerCity str
            customerCompany @companies; customerContact @contacts; customerCountry @countries; customerExtension str; customerName str
            customerPhone str; customerSite @sites; customerSiteName str; customerState str; customerStreetLine1 str; customerStreetLine2 str
            customerZip str; dateClosed time; dropShipCustomerFlag bool; enteredBy str; freightCost num; freightPackingSlip str; freightTaxTotal num
            internalNotes str; locationId int@locations; location @locations; poDate time; poNumber str(50); salesTax num; shipmentDate time
            shipmentMethod @shipmentMethods; shippingInstructions str; status* @purchaseOrderStatuses; subTotal num; taxCode @taxCodes
            taxFreightFlag bool; taxPoFlag bool; terms* @billingTerms; total num; trackingNumber str(50); updateShipmentInfo bool
            updateVendorOrderNumber bool; vendorCompany* @companies; vendorContact @contacts; vendorInvoiceDate time; vendorInvoiceNumber str(50)
            vendorOrderNumber str(50); vendorSite @sites; warehouse @warehouses; warehouseContact @contacts; currency @currencies
            customFields custom
            """) { Callback = "purchaseorder", PodName = "Purchase Order", FirstId = 1301, Shown = "name=poNumber" },
        new("purchaseOrderStatuses", "procurement/purchaseorderstatuses", "purchaseOrderStatus", "Purchase Order Status", """
            id int; name* str(50); defaultFlag bool; closedFlag bool; inactiveFlag bool; defaultClosedFlag bool; sortOrder int
            emailTemplate @mailTemplates
            """),
        new("products", "procurement/catalog", "catalogItem", "Catalog Item", """
            id int; identifier* str(75); description* str(60); inactiveFlag bool; subcategory* @productSubcategories; type* @productTypes
            productClass {Agreement|Bundle|Inventory|NonInventory|Service}; serializedFlag bool; serializedCostFlag bool; phaseProductFlag bool
            unitOfMeasure @unitsOfMeasure; minStockLevel int; price num; cost num
            priceAttribute {FixedFee|NotToExceed|OverrideRate|TimeAndMaterials}; taxableFlag bool; dropShipFlag bool; specialOrderFlag bool
            customerDescription* str(6000); manufacturer @manufacturers; manufacturerPartNumber str(50); vendor @companies; vendorSku str(50)
            notes str; integrationXRef str(50); sla @slas; entityType @entityTypes; recurringFlag bool; recurringRevenue num; recurringCost num
            recurringOneTimeFlag bool; recurringBillCycle @billingCycles; recurringCycleType {ContractYear|CalendarYear}; calculatedPriceFlag bool
            calculatedCostFlag bool; category @productCategories; calculatedPrice num; calculatedCost num; billableOption str; connectWiseID! str
            agreementType @agreementTypes; markupPercentage num; markupFlag bool; autoUpdateUnitCostFlag bool; autoUpdateUnitPriceFlag bool
            customFields custom
            """) { Callback = "productcatalog", PodName = "Product", FirstId = 1401, Shown = "identifier description" },
    ];
}
