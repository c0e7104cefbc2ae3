using System.Diagnostics;
using Deskbridge.Api;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Shared;

/// <summary>The page of every error, in plain words; see <see cref="ErrorAnswers"/>.</summary>
[AllowAnonymous]
internal sealed class ProblemModel : PageModel
{
    public int Status { get; private set; }

    public string Title { get; private set; } = "";

    public string Detail { get; private set; } = "";

    /// <summary>Only for errors of the hub itself: finds the lines in its log.</summary>
    public string? Trace { get; private set; }

    public IActionResult OnGet()
    {
        if (HttpContext.Features.Get<IStatusCodeReExecuteFeature>() is null) return NotFound();
        Status = Response.StatusCode;
        Title = Refusals.Title(Status);
        Detail = Refusals.Detail(HttpContext);
        if (Status >= 500) Trace = Activity.Current?.TraceId.ToString() ?? HttpContext.TraceIdentifier;
        return Page();
    }
}
