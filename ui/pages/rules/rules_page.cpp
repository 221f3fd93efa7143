// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rules/rules_page.h"

#include "core/recipe/near_names.h"
#include "core/recipe/pattern.h"
#include "ui/actions/action_registry.h"
#include "ui/document/document.h"
#include "ui/document/result_view.h"
#include "ui/models/layer_model.h"
#include "ui/models/layer_query.h"
#include "ui/selection/selection.h"
#include "ui/text/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/text_list.h"

#include <QAction>
#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>
#include <QSplitter>
#include <QToolButton>
#include <QTreeView>

#include <algorithm>

namespace qs::ui {

namespace {

constexpr int kNameWidth = 40; // characters
constexpr std::size_t kMostNames = 4;

/// A word that a rule can have: a name with wildcards, or a regular expression. The other words of the filter ask
/// about types, sizes and errors, which recipes do not know.
bool isPattern(const QString &text)
{
    static const QRegularExpression condition(QStringLiteral("^-.|^(is|mode|op):|^[A-Za-z_]+(<=|>=|<|>|=)|^\\|$"));
    if (text.startsWith(QLatin1String("re:")))
        return true;
    return !text.contains(QLatin1Char(' ')) && !condition.match(text).hasMatch();
}

} // namespace

PageInfo RulesPage::page()
{
    return {.id = QStringLiteral("rules"),
            .icon = QStringLiteral("rules"),
            .title = tr("R&ules"),
            .tip = tr("Rules of the recipe, and which layers they decide"),
            .place = PagePlace::Tab,
            .make = [](const PageContext &context) -> QWidget * { return new RulesPage(context); },
            .panes = [](QWidget *page) -> QList<QWidget *> {
                auto *made = static_cast<RulesPage *>(page);
                return {made->m_line, made->m_rules};
            }};
}

RulesPage::RulesPage(const PageContext &context, QWidget *parent)
    : QWidget(parent)
    , m_setup(context.setup)
    , m_selection(context.selection)
    , m_line(new QLineEdit)
    , m_action(new QComboBox)
    , m_add(new QPushButton(tr("Add rule")))
    , m_hits(new QLabel)
    , m_rules(new RuleList)
    , m_remove(new QToolButton)
    , m_who(new ElidedLabel)
    , m_layers(new TextList(tr("Layers that the rule matches"), tr("Select a rule to see which layers it matches.")))
    , m_effects(std::make_shared<const RuleEffects>())
{
    m_line->setPlaceholderText(tr("New rule: fc*  *.attn.*  re:.*mlp.*  or a condition: err>1%  out>=1024  op:conv"));
    m_line->setAccessibleName(tr("Layers of the new rule"));
    m_line->setToolTip(layerQueryHelp());
    m_action->setAccessibleName(tr("What the new rule does"));
    m_hits->setTextFormat(Qt::PlainText);
    m_hits->setWordWrap(true);
    m_hits->setObjectName(QStringLiteral("secondary"));
    m_who->setObjectName(QStringLiteral("secondary"));
    for (QWidget *widget :
         {static_cast<QWidget *>(m_rules), static_cast<QWidget *>(m_hits), static_cast<QWidget *>(m_layers)})
        widget->setProperty("explains", QStringLiteral("rules.counts"));
    fillActions();

    auto *row = new QHBoxLayout;
    row->addWidget(m_line, 1);
    row->addWidget(m_action);
    row->addWidget(m_add);
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(10);
    splitter->addWidget(m_rules);
    splitter->addWidget(m_layers);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 10, 10, 8);
    layout->setSpacing(8);
    layout->addLayout(row);
    layout->addWidget(m_hits);
    layout->addWidget(makeTools(*context.actions));
    layout->addWidget(splitter, 1);

    connect(m_line, &QLineEdit::textChanged, this, &RulesPage::showHits);
    connect(m_line, &QLineEdit::returnPressed, this, &RulesPage::addRule);
    connect(m_add, &QPushButton::clicked, this, &RulesPage::addRule);
    connect(m_rules, &QTreeWidget::currentItemChanged, this, &RulesPage::showLayers);
    connect(m_rules, &RuleList::moved, this, &RulesPage::moveRule);
    connect(m_rules, &RuleList::removeRequested, this, &RulesPage::removeRule);
    auto *view = new ResultView(this, [this](Changes changes) { refresh(changes); });
    view->follow(m_setup, Change::Model | Change::Recipe);
    view->follow(m_selection);
    view->followTheme();
    view->add(Change::Model);
}

void RulesPage::fillActions()
{
    m_action->addItem(tr("exclude"), QStringLiteral("exclude"));
    m_action->addItem(tr("quantize"), QStringLiteral("include"));
    for (int bits = kMaxBits; bits >= kMinBits; --bits)
        m_action->addItem(tr("%1 bits").arg(bits), bits);
    m_action->addItem(tr("symmetric"), QStringLiteral("symmetric"));
    m_action->addItem(tr("asymmetric"), QStringLiteral("asymmetric"));
}

QWidget *RulesPage::makeTools(ActionRegistry &actions)
{
    auto *tools = new QWidget;
    auto *row = new QHBoxLayout(tools);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_who, 1);
    m_remove->setText(tr("Remove"));
    m_remove->setToolTip(tr("Remove the selected rule (Delete); Alt+Up and Alt+Down, or dragging, move it"));
    m_remove->setAccessibleName(tr("Remove the selected rule"));
    connect(m_remove, &QToolButton::clicked, this, [this] { removeRule(m_rules->currentRule()); });
    row->addWidget(m_remove);
    auto *presets = new QToolButton;
    presets->setText(tr("Presets"));
    presets->setObjectName(QStringLiteral("tiny"));
    presets->setIcon(themedIcon(QStringLiteral("chevron"), &Theme::secondaryText));
    presets->setIconSize(QSize(12, 12));
    presets->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    presets->setLayoutDirection(Qt::RightToLeft);
    presets->setAccessibleName(tr("Rules that are often wanted"));
    presets->setPopupMode(QToolButton::InstantPopup);
    auto *menu = new QMenu(presets);
    menu->setLayoutDirection(Qt::LeftToRight); // that of the button only brings its icon to the right
    for (const char *id : {"layers.excludeEnds", "layers.excludeAbove", "budget.excludeUntil", "layers.alikeQkv"})
        if (QAction *action = actions.action(QLatin1String(id)))
            menu->addAction(action);
    presets->setMenu(menu);
    row->addWidget(presets);
    return tools;
}

void RulesPage::propose(const QString &text)
{
    // Filters look at any part of a name, rules at the whole of it.
    const QString word = text.trimmed();
    const bool isPart = isPattern(word) && !word.isEmpty() && !word.startsWith(QLatin1String("re:"));
    m_line->setText(isPart ? QStringLiteral("*%1*").arg(word) : word);
    m_line->setFocus();
}

RulesPage::Wish RulesPage::wish() const
{
    Wish wish;
    const QString text = m_line->text().trimmed();
    if (text.isEmpty() || !m_setup->model())
        return wish;
    wish.isRule = isPattern(text);
    if (wish.isRule) {
        wish.pattern = text;
        auto layers = matchedLayers(text.toStdString(), *m_setup->model());
        if (layers)
            wish.layers = std::move(*layers);
        else
            wish.problem = text::sentence(layers.error().message);
        return wish;
    }
    const auto test = parseLayerQuery(text);
    if (!test) {
        wish.problem = test.error();
        return wish;
    }
    const LayerModel model(m_setup);
    for (std::size_t layer = 0; layer < m_setup->model()->layers.size(); ++layer)
        if ((*test)(model, layer))
            wish.layers.push_back(layer);
    return wish;
}

void RulesPage::showHits()
{
    const Wish asked = wish();
    const bool isEmpty = m_line->text().trimmed().isEmpty();
    const bool isFaulty = !isEmpty && (!asked.problem.isEmpty() || asked.layers.empty());
    m_add->setEnabled(!isEmpty && !isFaulty);
    m_hits->setObjectName(isFaulty ? QStringLiteral("errorText") : QStringLiteral("secondary"));
    m_hits->setStyleSheet({}); // another name, another rule of the style sheet
    if (isEmpty || !m_setup->model()) {
        m_hits->setText(tr("Rules are applied from top to bottom; the last one that says something wins."));
        return;
    }
    if (!asked.problem.isEmpty()) {
        m_hits->setText(asked.problem);
        return;
    }
    if (asked.layers.empty()) {
        QStringList near;
        if (asked.isRule)
            for (const std::string &name : nearNames(asked.pattern.toStdString(), m_setup->model()->layers))
                near << text::oneLine(name);
        m_hits->setText(near.isEmpty() ? tr("No layer matches.")
                                       : tr("No layer matches. Near names: %1").arg(near.join(QStringLiteral(", "))));
        return;
    }
    QStringList names;
    for (std::size_t i = 0; i < std::min(asked.layers.size(), kMostNames); ++i)
        names << text::oneLine(m_setup->model()->layers[asked.layers[i]].module, 60);
    if (asked.layers.size() > kMostNames)
        names << QStringLiteral("…");
    const QString hits = tr("%1 of %2 layers: %3")
                             .arg(asked.layers.size())
                             .arg(m_setup->model()->layers.size())
                             .arg(names.join(QStringLiteral(", ")));
    m_hits->setText(asked.isRule
                        ? hits
                        : tr("%1. Recipes know names only: each of these layers gets a rule of its own.").arg(hits));
}

void RulesPage::addRule()
{
    const Wish asked = wish();
    if (asked.layers.empty() || !asked.problem.isEmpty())
        return;
    const QVariant what = m_action->currentData();
    const auto change = [what](SchemePatch &patch) {
        if (what == QStringLiteral("symmetric"))
            patch.mode = Mode::Symmetric;
        else if (what == QStringLiteral("asymmetric"))
            patch.mode = Mode::Asymmetric;
        else
            patch.bits = what.toInt();
    };
    const bool excludes = what == QStringLiteral("exclude");
    const bool isAction = excludes || what == QStringLiteral("include");
    if (!asked.isRule) {
        if (isAction)
            quantizeLayers(*m_setup, asked.layers, !excludes);
        else
            changeOverrides(*m_setup, asked.layers, change);
        m_line->clear();
        return;
    }
    Rule rule;
    rule.match = asked.pattern.toStdString();
    if (isAction) {
        rule.action = excludes ? Rule::Action::Exclude : Rule::Action::Include;
    } else {
        change(rule.scheme);
        if (rule.scheme.mode == Mode::Asymmetric)
            rule.scheme.codeRange = CodeRange::Full;
    }
    Recipe recipe = m_setup->recipe();
    recipe.rules.push_back(std::move(rule));
    edit([name = text::buttonText(asked.pattern)] { return tr("Add the rule %1").arg(name); }, recipe);
    m_line->clear();
}

void RulesPage::edit(const EditText &text, const Recipe &recipe)
{
    m_setup->edit(text, recipe);
}

void RulesPage::moveRule(int from, int to)
{
    Recipe recipe = m_setup->recipe();
    if (from < 0 || to < 0 || static_cast<std::size_t>(std::max(from, to)) >= recipe.rules.size())
        return;
    auto begin = recipe.rules.begin();
    if (from < to)
        std::rotate(begin + from, begin + from + 1, begin + to + 1);
    else
        std::rotate(begin + to, begin + from, begin + from + 1);
    m_rules->setCurrentItem(m_rules->topLevelItem(to));
    edit([from, to] { return tr("Move rule %1 to place %2").arg(from + 1).arg(to + 1); }, recipe);
}

void RulesPage::removeRule(int rule)
{
    if (rule < 0 || static_cast<std::size_t>(rule) >= m_setup->recipe().rules.size())
        return;
    Recipe recipe = m_setup->recipe();
    recipe.rules.erase(recipe.rules.begin() + rule);
    edit([rule] { return tr("Remove rule %1").arg(rule + 1); }, recipe);
}

void RulesPage::refresh(Changes changes)
{
    if (changes & (Change::Model | Change::Recipe)) {
        m_effects = std::make_shared<const RuleEffects>(
            m_setup->model() ? ruleEffects(m_setup->recipe(), *m_setup->model()) : RuleEffects());
        showHits();
    }
    if (changes & (Change::Model | Change::Recipe | Change::Theme)) {
        m_rules->setRules(m_setup->model() ? m_setup->recipe() : Recipe(), *m_effects);
        showLayers();
    }
    showWho();
}

/// Each layer that the rule matches, and who has the last word there.
void RulesPage::showLayers()
{
    const int rule = m_rules->currentRule();
    m_remove->setEnabled(rule >= 0);
    // While the page is hidden, effects may be those of a model that is gone.
    const bool isOutdated = !m_setup->model() || m_effects->ofLayer.size() != m_setup->model()->layers.size();
    if (rule < 0 || static_cast<std::size_t>(rule) >= m_effects->rules.size() || isOutdated) {
        m_layers->setRows({}, kNameWidth);
        return;
    }
    const auto effects = m_effects;
    const auto model = m_setup->model();
    const RuleEffect &effect = effects->rules[static_cast<std::size_t>(rule)];
    TextRows rows;
    rows.headers = {tr("Layer"), tr("Decided by this rule"), tr("All rules that match it")};
    rows.count = static_cast<int>(effect.layers.size());
    const auto cell = [effects, model, rule](int row, int column) -> QString {
        const RuleEffect &own = effects->rules[static_cast<std::size_t>(rule)];
        const std::size_t layer = own.layers[static_cast<std::size_t>(row)];
        if (column == 0)
            return text::oneLine(model->layers[layer].module);
        if (column == 1)
            return std::ranges::binary_search(own.decides, layer) ? tr("yes") : tr("no: a later rule does");
        QStringList numbers;
        for (const std::uint32_t index : effects->ofLayer[layer])
            numbers << QString::number(index + 1);
        return numbers.join(QStringLiteral(", "));
    };
    rows.cell = cell;
    rows.whole = [cell](int row) { return tr("%1: rules %2").arg(cell(row, 0), cell(row, 2)); };
    m_layers->setRows(std::move(rows), kNameWidth);
}

/// Who decided about the layer that is selected, and who else tried.
void RulesPage::showWho()
{
    const int current = m_selection->layer();
    if (!m_setup->model() || current < 0 || static_cast<std::size_t>(current) >= m_effects->ofLayer.size()) {
        m_who->setText({});
        return;
    }
    const auto layer = static_cast<std::size_t>(current);
    const QString name = text::oneLine(m_setup->model()->layers[layer].module);
    QStringList deciding;
    QStringList others;
    for (const std::uint32_t index : m_effects->ofLayer[layer]) {
        const bool decides = std::ranges::binary_search(m_effects->rules[index].decides, layer);
        (decides ? deciding : others) << QString::number(index + 1);
    }
    if (deciding.isEmpty())
        m_who->setText(tr("%1: no rule, so the scheme decides").arg(name));
    else if (others.isEmpty())
        m_who->setText(tr("%1: decided by rule %2").arg(name, deciding.join(QStringLiteral(", "))));
    else
        m_who->setText(tr("%1: decided by rule %2; rule %3 matches, too, and was outvoted")
                           .arg(name, deciding.join(QStringLiteral(", ")), others.join(QStringLiteral(", "))));
}

} // namespace qs::ui
