/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import fs from 'node:fs';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { launchBrowser } from './browser';
import type { N8n } from './n8n';

export interface EditorOptions {
	/** Where screenshots go. */
	shotsDir?: string;
	/** Size of the window in CSS pixels. */
	width?: number;
	height?: number;
	/** Device pixels for each CSS pixel. */
	scale?: number;
	theme?: 'light' | 'dark';
}

const byTestId = (id: string) => `[data-test-id="${id}"]`;

/** The n8n editor in a real browser, signed in. Names of buttons and fields are those on screen. */
export class Editor {
	/** Errors thrown by scripts of the page. */
	readonly pageErrors: string[] = [];

	private constructor(
		private readonly n8n: N8n,
		private readonly browser: Browser,
		readonly page: Page,
		private readonly shotsDir: string,
	) {
		page.on('pageerror', (error) => this.pageErrors.push(String(error)));
	}

	static async open(
		n8n: N8n,
		{ shotsDir = n8n.dataDir, width = 1440, height = 900, scale = 1, theme }: EditorOptions = {},
	) {
		fs.mkdirSync(shotsDir, { recursive: true });
		const browser = await launchBrowser();
		const context = await browser.newContext({
			viewport: { width, height },
			deviceScaleFactor: scale,
			colorScheme: theme ?? 'light',
		});
		const [name, value] = n8n.rest.cookie.split('=');
		await context.addCookies([{ name, value, url: n8n.url }]);
		// nothing outside is wanted, and waiting for it would cost time
		const isOutside = (url: URL) => url.hostname !== '127.0.0.1' && url.protocol !== 'blob:';
		await context.route(isOutside, async (route) => await route.abort());
		return new Editor(n8n, browser, await context.newPage(), shotsDir);
	}

	async close() {
		await this.browser.close();
	}

	/** Takes a picture of the window, or of one part of it. Gives the file's path. */
	async shot(name: string, part: Page | Locator = this.page) {
		await this.page.waitForTimeout(600); // moving things come to rest
		const file = path.join(this.shotsDir, `${name}.png`);
		await part.screenshot({ path: file });
		return file;
	}

	async openWorkflow(id: string) {
		await this.page.goto(`${this.n8n.url}/workflow/${id}`);
		await this.page.locator(byTestId('canvas-node')).first().waitFor();
		await this.dismissPopups();
	}

	/** Presses "Execute workflow" and waits until the run has ended well. */
	async executeWorkflow() {
		await this.page.locator(byTestId('execute-workflow-button')).first().click();
		await this.page.locator(byTestId('canvas-node-status-success')).last().waitFor();
	}

	/** Opens the panel of a node on the canvas. */
	async openNode(name: string) {
		await this.page.locator(`${byTestId('canvas-node')}[data-node-name="${name}"]`).dblclick();
		await this.panel.waitFor();
	}

	async closeNode() {
		await this.page.keyboard.press('Escape');
		await this.panel.waitFor({ state: 'hidden' });
	}

	/** The open panel of a node. */
	get panel() {
		return this.page.locator(byTestId('ndv'));
	}

	/** The field of a parameter in the open panel, by the parameter's name. */
	field(parameter: string) {
		return this.panel.locator(byTestId(`parameter-input-${parameter}`)).first();
	}

	/** Waits until nothing of the open form is still being loaded or drawn, however slow the machine. */
	private async formAtRest() {
		await this.page.waitForFunction(() => !document.querySelector('.async-notice'));
		// the rows of a list come some tasks after the list, which leave no idle time between them
		await this.page.evaluate(async () => {
			for (let i = 0; i < 3; i++) await new Promise((resolve) => requestIdleCallback(resolve));
		});
	}

	/** Labels of all fields on the Parameters tab of the open panel. */
	async fieldLabels() {
		await this.formAtRest();
		const parameters = this.panel.locator(byTestId('node-parameters'));
		const labels = parameters.locator(`${byTestId('parameter-item')} ${byTestId('input-label')}`);
		// what stands behind the label are its buttons
		const inView = labels.filter({ visible: true });
		return (await inView.allInnerTexts()).map((label) => label.split('\n')[0].trim());
	}

	/** Opens a dropdown of the open panel and gives its options. */
	async openDropdown(parameter: string) {
		await this.field(parameter).locator('input').first().click();
		const options = this.page.locator('.el-select-dropdown__item:visible');
		await options.first().waitFor();
		return options;
	}

	/** Chooses in a dropdown of the open panel. */
	async choose(parameter: string, option: string) {
		const options = await this.openDropdown(parameter);
		await options.filter({ hasText: option }).first().click();
		// the form follows once the list is gone
		await options.first().waitFor({ state: 'hidden' });
	}

	/** Types into a text or number field of the open panel. */
	async fill(parameter: string, text: string) {
		await this.field(parameter).locator('input, textarea').first().fill(text);
	}

	/** Presses "Execute step" in the open panel and waits until the node has run. */
	async executeNode() {
		const button = this.panel.locator(byTestId('node-execute-button')).first();
		await button.click();
		await this.panel.locator(byTestId('run-data')).first().waitFor();
	}

	/** Presses "Execute step" in the open panel and waits until its output or an error is there. */
	async runNode() {
		await this.panel.getByText('Execute step').first().click();
		const outcome = `${byTestId('ndv-run-data-display-mode')}, ${byTestId('node-error-message')}`;
		const shown = this.output.locator(outcome).filter({ visible: true });
		await shown.first().waitFor({ timeout: 60_000 });
	}

	/** Opens the list behind "Add option" in the open panel. */
	async openOptions() {
		await this.panel.getByPlaceholder('Add option').click();
		await this.page.locator('.el-select-dropdown__item:visible').first().waitFor();
	}

	/** Shows the first picture of the output in the output panel. */
	async showPicture() {
		await this.showOutputAs('Binary');
		await this.output.locator(byTestId('ndv-view-binary-data')).first().click();
		await this.output.locator('img').first().waitFor();
	}

	/** The output part of the open panel. */
	get output() {
		return this.panel.locator(byTestId('output-panel'));
	}

	/** Draws the form over the input, as far as it goes, so that the output has more room. */
	async widenOutput() {
		const handle = await this.page.locator(byTestId('panel-drag-button')).first().boundingBox();
		if (!handle) throw new Error('The form cannot be moved');
		const y = handle.y + handle.height / 2;
		await this.page.mouse.move(handle.x + handle.width / 2, y);
		await this.page.mouse.down();
		await this.page.mouse.move(0, y, { steps: 20 });
		await this.page.mouse.up();
		// n8n keeps the place, but the forms that follow have to stand where they always do.
		await this.page.addInitScript(() => localStorage.removeItem('N8N_NDV_PANEL_WIDTH_REGULAR'));
	}

	/** Shows the output as Schema, Table, JSON or Binary. */
	async showOutputAs(view: 'Schema' | 'Table' | 'JSON' | 'Binary') {
		await this.output.getByText(view, { exact: true }).first().click();
	}

	/** Opens the list of nodes and types a search. Gives the names found. */
	async searchNodes(query: string) {
		await this.page.locator(byTestId('node-creator-plus-button')).click();
		const names = this.page.locator(byTestId('node-creator-item-name'));
		// the list of categories is there until the search has taken effect
		const categories = names.getByText('Action in an app', { exact: true });
		await categories.waitFor();
		await this.page.locator(byTestId('node-creator-search-bar')).fill(query);
		await categories.waitFor({ state: 'hidden' });
		const nothing = this.page.locator(byTestId('node-creator-no-results'));
		await names.or(nothing).first().waitFor();
		return await names.allInnerTexts();
	}

	/** After a search: opens a node's list of actions. Gives their names. */
	async showActions(node: string) {
		const names = this.page.locator(byTestId('node-creator-item-name'));
		const found = names.getByText(node, { exact: true });
		await found.first().click();
		await this.page.locator(byTestId('node-creator-category-item')).first().waitFor();
		// the list that was there slides out
		await found.first().waitFor({ state: 'hidden' });
		return await names.allInnerTexts();
	}

	/** Opens the dialog of a credential. */
	async openCredential(id: string) {
		await this.page.goto(`${this.n8n.url}/home/credentials/${id}`);
		await this.page.locator(byTestId('editCredential-modal')).waitFor();
	}

	/** Opens the dialog of a credential that is not saved yet. */
	async openNewCredential(type: string) {
		await this.page.goto(`${this.n8n.url}/home/credentials/create`);
		await this.page.locator(byTestId('new-credential-type-select')).click();
		await this.page.keyboard.type(type);
		await this.page.locator('.el-select-dropdown__item:visible').first().click();
		await this.page.locator(byTestId('new-credential-type-button')).click();
		await this.page.locator(byTestId('editCredential-modal')).waitFor();
	}

	/** The open dialog of a credential. */
	get credentialDialog() {
		return this.page.locator('.el-dialog:visible').first();
	}

	/** Waits until n8n has tested the credential of the open dialog, and opens what it says of a bad one. */
	async seeVerdict() {
		const good = this.credentialDialog.locator(
			byTestId('credentials-config-container-test-success'),
		);
		const details = this.credentialDialog.getByText('More details');
		await good.or(details).filter({ visible: true }).first().waitFor();
		if (await details.isVisible()) await details.click();
	}

	/** Opens Settings > Community nodes and waits for a package to be listed. */
	async openCommunityNodes(packageName: string) {
		await this.page.goto(`${this.n8n.url}/settings/community-nodes`);
		await this.page.getByText(packageName, { exact: true }).first().waitFor();
	}

	/** Closes the notices in the corner of the window. */
	async closeNotices() {
		await this.page.waitForTimeout(300);
		for (const close of await this.page.locator('.el-notification__closeBtn').all()) {
			await close.click({ timeout: 2000 }).catch(() => {}); // it goes by itself, too
		}
	}

	/** Closes what a fresh n8n shows on top of the page. */
	async dismissPopups() {
		const close = this.page.locator('.el-notification__closeBtn, .el-dialog__headerbtn');
		for (let i = 0; i < 3 && (await close.count()) > 0; i++) {
			await close.first().click();
			await this.page.waitForTimeout(300);
		}
	}
}
