using Deskbridge.Core.Common;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Deskbridge.Features.Shared;

/// <summary>Shows a refusal on the form it belongs to.</summary>
internal static class PageRefusals
{
    extension(ModelStateDictionary state)
    {
        /// <summary>Puts the refusal beside its field when the form has it, otherwise above the form. Field names match without case.</summary>
        public void Refuse(Failure failure, string form = "Form")
        {
            var field = (failure as InvalidFailure)?.Field;
            var key = field is null ? null : state.Keys.FirstOrDefault(k => string.Equals(k, $"{form}.{field}", StringComparison.OrdinalIgnoreCase));
            state.AddModelError(key ?? "", failure.Message);
        }
    }
}
