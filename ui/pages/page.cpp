// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/page.h"

#include "ui/pages/budget/budget_page.h"
#include "ui/pages/channels/channels_page.h"
#include "ui/pages/clipping/clipping_page.h"
#include "ui/pages/codes/codes_page.h"
#include "ui/pages/compare/compare_page.h"
#include "ui/pages/details/details_panel.h"
#include "ui/pages/distribution/distribution_panel.h"
#include "ui/pages/export/export_panel.h"
#include "ui/pages/file/file_page.h"
#include "ui/pages/layers/layers_panel.h"
#include "ui/pages/lesson/lesson_panel.h"
#include "ui/pages/network/network_page.h"
#include "ui/pages/number_line/number_line_page.h"
#include "ui/pages/overview/overview_page.h"
#include "ui/pages/rules/rules_page.h"
#include "ui/pages/weights/weights_page.h"
#include "ui/pages/welcome/error_page.h"
#include "ui/pages/welcome/welcome_page.h"
#include "ui/text/translation.h"

namespace qs::ui {

QList<PageInfo> pages()
{
    // Tabs: the whole network, one layer of it, what to choose, the file.
    QList<PageInfo> all{
        LayersPanel::page(),  DetailsPanel::page(),   LessonPanel::page(),  DistributionPanel::page(),
        OverviewPage::page(), NetworkPage::page(),    ChannelsPage::page(), WeightsPage::page(),
        CodesPage::page(),    NumberLinePage::page(), ClippingPage::page(), ComparePage::page(),
        BudgetPage::page(),   RulesPage::page(),      FilePage::page(),     ExportPanel::page(),
        WelcomePage::page(),  ErrorPage::page(),
    };
    for (PageInfo &page : all)
        page.beginsGroup = page.id == QLatin1String("channels") || page.id == QLatin1String("compare") ||
                           page.id == QLatin1String("file");
    return all;
}

QString plainTitle(const PageInfo &page)
{
    return text::withoutLetter(page.title);
}

} // namespace qs::ui
